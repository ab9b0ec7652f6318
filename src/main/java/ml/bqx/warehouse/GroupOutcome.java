package ml.bqx.warehouse;

import java.io.Serializable;
import ml.bqx.checkpoint.CheckpointEntry;

/** What became of one feature group. */
sealed interface GroupOutcome extends Serializable {
  /** Its checkpoint is there and checks out. */
  record Committed(CheckpointEntry entry) implements GroupOutcome {}

  /**
   * It could not be extracted.
   *
   * @param reason why, for users; names the table
   */
  record Failed(String reason) implements GroupOutcome {}
}
