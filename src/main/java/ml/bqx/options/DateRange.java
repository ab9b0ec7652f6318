package ml.bqx.options;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Whole days in UTC.
 *
 * @param start the first day inside, or null when everything before the end is inside
 * @param end the last day inside, or null when everything after the start is inside
 */
public record DateRange(@Nullable LocalDate start, @Nullable LocalDate end)
    implements Serializable {
  private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

  /** The first microsecond since 1970 that is inside. */
  public long firstMicrosecond() {
    return start == null ? Long.MIN_VALUE : start.toEpochDay() * MICROS_PER_DAY;
  }

  /** The first microsecond since 1970 behind the range that is outside. */
  public long endMicrosecond() {
    return end == null ? Long.MAX_VALUE : (end.toEpochDay() + 1) * MICROS_PER_DAY;
  }
}
