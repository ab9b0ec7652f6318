package ml.bqx.checkpoint;

import java.io.Serializable;
import ml.bqx.config.DateRange;

/**
 * A half-open range of timestamps.
 *
 * @param from first microsecond since 1970 (UTC) that is inside
 * @param to first microsecond after it
 */
public record TimeRange(long from, long to) implements Serializable {
  /** Everything. */
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** The timestamps of whole days. */
  public static TimeRange of(DateRange dates) {
    return new TimeRange(dates.firstMicrosecond(), dates.endMicrosecond());
  }

  /** What is in both. */
  public TimeRange and(TimeRange other) {
    return new TimeRange(Math.max(from, other.from), Math.min(to, other.to));
  }

  /** Whether the timestamp is inside. */
  public boolean contains(long timestamp) {
    return from <= timestamp && timestamp < to;
  }
}
