package ml.bqx.quality.statistics;

import com.google.common.primitives.ImmutableIntArray;

/**
 * What all columns share of a run of spine rows: the segment that each row is in, a weight for each
 * row, and the rows whose values are sampled. All of it depends on nothing but the row's place and
 * timestamp, so that statistics are the same however the spine is cut.
 */
final class SpinePart {
  /** Pieces of a spine, as even as can be, whose values are also looked at by themselves. */
  static final int SEGMENTS = 32;

  /**
   * Rows that are sampled for quantiles, about: with a probability of 99 % no rank is off by more
   * than 2.6 % of the rows. Up to this number of rows there is no error.
   */
  static final int SAMPLE_ROWS = 4096;

  private final long[] timestamps;
  private final int firstRow;
  private final int spineRows;
  private final long[] weights;
  private final ImmutableIntArray sampled;

  /** For each row, how many rows before it are sampled. */
  private final int[] sampledBefore;

  /**
   * A part of a spine.
   *
   * @param timestamps of its rows, microseconds since 1970 in UTC
   * @param firstRow which row of the spine its first one is
   * @param spineRows rows of the whole spine
   */
  SpinePart(long[] timestamps, int firstRow, int spineRows) {
    this.timestamps = timestamps;
    this.firstRow = firstRow;
    this.spineRows = spineRows;
    this.weights = new long[timestamps.length];
    // Of all numbers that a hash without sign may be, this part is sampled.
    double share = Math.min(1, (double) SAMPLE_ROWS / spineRows);
    long most = share == 1 ? Long.MAX_VALUE : (long) (share * Long.MAX_VALUE);
    ImmutableIntArray.Builder rows = ImmutableIntArray.builder();
    this.sampledBefore = new int[timestamps.length];
    int before = 0;
    for (int row = 0; row < timestamps.length; row++) {
      long hash = Hash.of(timestamps[row]);
      // Odd, so that no bit of a value is lost when it is multiplied.
      weights[row] = hash | 1;
      sampledBefore[row] = before;
      if (hash >>> 1 <= most) {
        rows.add(row);
        before++;
      }
    }

    this.sampled = rows.build();
  }

  int rows() {
    return timestamps.length;
  }

  int firstRow() {
    return firstRow;
  }

  long timestamp(int row) {
    return timestamps[row];
  }

  long weight(int row) {
    return weights[row];
  }

  /** Rows of this part that are sampled, ascending. */
  ImmutableIntArray sampled() {
    return sampled;
  }

  /** How many of them are before a row of this part. */
  int sampledBefore(int row) {
    return sampledBefore[row];
  }

  /** The segment of a row of this part. */
  int segment(int row) {
    return bucket(firstRow + row, SEGMENTS, spineRows);
  }

  /** The first row behind a segment, or behind this part if that comes first. */
  int end(int segment) {
    return Math.min(rows(), start(segment + 1, SEGMENTS, spineRows) - firstRow);
  }

  /** Rows of the longest segment. */
  int longestSegment() {
    return Math.min(rows(), spineRows / SEGMENTS + 1);
  }

  /** Which of so many even buckets a row of the spine is in. */
  static int bucket(int row, int buckets, int spineRows) {
    return (int) ((long) row * buckets / spineRows);
  }

  /** The first row of a bucket. */
  static int start(int bucket, int buckets, int spineRows) {
    return (int) (((long) bucket * spineRows + buckets - 1) / buckets);
  }
}
