package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** Order of the rows in a checkpoint. */
public enum Layout {
  /** Exactly the spine, in order; every checkpoint has the same row-group boundaries. */
  ALIGNED,
  /** Any order, in any number of files. */
  SHARDED;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
