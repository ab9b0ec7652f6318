package ml.bqx.extract;

import java.io.Serializable;
import ml.bqx.checkpoint.CheckpointEntry;

/**
 * What became of one feature group. It carries text only: the Direct runner copies outcomes over
 * and over, and Java serialization of whole entries took longer than checking the checkpoints.
 *
 * @param committed whether its checkpoint is there and checks out
 * @param text its entry as JSON when it is, otherwise the reason, for users
 */
record GroupOutcome(boolean committed, String text) implements Serializable {
  /** Stands for a wave that has nothing to do. */
  static final GroupOutcome NONE = new GroupOutcome(true, "");

  static GroupOutcome committed(CheckpointEntry entry) {
    return new GroupOutcome(true, entry.toJson());
  }

  static GroupOutcome failed(String reason) {
    return new GroupOutcome(false, reason);
  }
}
