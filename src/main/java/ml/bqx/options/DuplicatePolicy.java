package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** What to do with a timestamp that a feature table has more than once. */
public enum DuplicatePolicy {
  /** The job ends with an error that counts them. */
  FAIL,
  /** The first row in the table's order is kept. */
  FIRST,
  /** The last row in the table's order is kept. */
  LAST;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
