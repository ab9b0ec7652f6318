package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which of two moments a local time is that clocks showed twice, because they were put back. */
public enum RepeatedTimePolicy {
  /** The order of the rows tells: where times step back, the clocks were put back. */
  INFER,
  /** The one before the clocks were put back. */
  FIRST,
  /** The one after the clocks were put back. */
  SECOND;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
