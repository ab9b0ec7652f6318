package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** What to do with a training file whose data does not pass the gates. */
public enum GatePolicy {
  /** The merge ends with an error that lists them, and nothing is published. */
  FAIL,
  /** The file is published; output and card list them. */
  WARN;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
