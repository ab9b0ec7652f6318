package ml.bqx.parquet;

import java.io.Serializable;

/**
 * Values that are not what they were since they became numbers of another type.
 *
 * @param rounded integers beyond 2^53 that are no double
 * @param overflowed finite doubles that are beyond the range of a FLOAT, and infinite now
 * @param subnormal doubles other than 0 that are too small for all digits of a FLOAT, or 0 now
 */
public record ValueLosses(long rounded, long overflowed, long subnormal) implements Serializable {
  /** Nothing is lost. */
  public static final ValueLosses NONE = new ValueLosses(0, 0, 0);

  /** The sum of both. */
  public ValueLosses plus(ValueLosses other) {
    return new ValueLosses(
        rounded + other.rounded, overflowed + other.overflowed, subnormal + other.subnormal);
  }

  /** What became of doubles that are FLOATs now. */
  public String ofFloatsInWords() {
    return "%,d became infinite, %,d are too small for all their digits"
        .formatted(overflowed, subnormal);
  }
}
