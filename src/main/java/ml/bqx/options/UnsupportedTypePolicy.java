package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** What to do with columns of unsupported types. */
public enum UnsupportedTypePolicy {
  /** Fail with an error that names it. */
  FAIL,
  /** Leave the column out, and count it. */
  SKIP,
  /** Read numbers as the nearest DOUBLE, leave other columns out, and count both. */
  DOUBLE;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
