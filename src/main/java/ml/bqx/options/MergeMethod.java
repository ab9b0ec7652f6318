package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How checkpoints become the training file; every method gives the same table. */
public enum MergeMethod {
  /** A Beam pipeline: spine and slices meet in a CoGroupByKey on the row block. */
  BEAM;

  @JsonCreator
  static MergeMethod parse(String text) {
    return Spelling.parse(MergeMethod.class, text);
  }

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
