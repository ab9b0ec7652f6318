package ml.bqx.checkpoint;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The timestamps of the targets that are kept: the rows of the training file. */
public final class Spine implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows behind a guess that are sooner looked at than searched through: most gaps are short. */
  private static final int NEAR = 8;

  private final long[] timestamps;

  /** Computed when first asked for, then kept: hundreds of groups ask for it. */
  private transient @Nullable String fingerprint;

  /**
   * A spine of those timestamps.
   *
   * @param timestamps strictly increasing, microseconds since 1970 in UTC; not copied
   */
  public Spine(long[] timestamps) {
    this.timestamps = timestamps;
    for (int i = 1; i < timestamps.length; i++) {
      if (timestamps[i] <= timestamps[i - 1]) {
        throw new IllegalArgumentException(
            "Cannot use row %d as spine: %s is not after %s"
                .formatted(i, text(timestamps[i]), text(timestamps[i - 1])));
      }
    }
  }

  /**
   * The spine of target rows: their timestamps, sorted, each once.
   *
   * @param limit how many are kept, from the first; 0 for all
   */
  public static Spine of(long[] timestamps, long limit) {
    LongStream unique = Arrays.stream(timestamps).sorted().distinct();
    return new Spine((limit > 0 ? unique.limit(limit) : unique).toArray());
  }

  /** The timestamps, microseconds since 1970 in UTC; callers must not modify the array. */
  public long[] timestamps() {
    return timestamps;
  }

  /** A timestamp in ISO 8601, for people. */
  public static String text(long timestamp) {
    return Instant.EPOCH.plus(timestamp, ChronoUnit.MICROS).toString();
  }

  /** Number of rows. */
  public int rows() {
    return timestamps.length;
  }

  /** Rows {@code [from .. to)} as a spine of their own. */
  public Spine slice(int from, int to) {
    return new Spine(Arrays.copyOfRange(timestamps, from, to));
  }

  /** From the first timestamp to the last; everything a left join from the spine can match. */
  public TimeRange range() {
    return rows() == 0
        ? new TimeRange(0, 0)
        : new TimeRange(timestamps[0], timestamps[rows() - 1] + 1);
  }

  /** Fingerprint of the timestamps, 16 hex digits. */
  public String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      // In one piece: a hundred times faster than number by number, and many threads may do it.
      ByteBuffer bytes =
          ByteBuffer.allocate(timestamps.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(timestamps);
      known = Fingerprint.of(bytes.array());
      fingerprint = known;
    }

    return known;
  }

  /**
   * The row of a timestamp, or a negative number; {@code guess} and some rows behind it are looked
   * at first.
   */
  public int rowOf(long timestamp, int guess) {
    int end = Math.min(timestamps.length, guess + NEAR);
    int row = guess;
    while (row < end && timestamps[row] < timestamp) {
      row++;
    }

    return row < end && timestamps[row] == timestamp
        ? row
        : Arrays.binarySearch(timestamps, timestamp);
  }
}
