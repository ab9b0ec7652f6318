package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** What to make of files side by side whose names differ only in a number or date at the end. */
public enum PartsPolicy {
  /** End with an error when they share columns: parts and windows then look alike. */
  FAIL,
  /** They are the parts of one table. */
  JOIN,
  /** Each is a table of its own. */
  SEPARATE;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
