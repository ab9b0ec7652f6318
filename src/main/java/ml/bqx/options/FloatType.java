package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** How floating-point numbers are stored. */
public enum FloatType {
  /** As they are. */
  FLOAT64,
  /** As the nearest number of 32 bits. */
  FLOAT32;

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
