package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** In which order the rows of a checkpoint lie. */
public enum Layout {
  /** Exactly the spine, in order; every checkpoint has the same row-group boundaries. */
  ALIGNED,
  /** Any order, in as many files as the writer likes. */
  SHARDED;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
