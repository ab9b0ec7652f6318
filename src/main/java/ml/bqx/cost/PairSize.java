package ml.bqx.cost;

/**
 * How large the training set of a pair is.
 *
 * @param rows rows of the spine
 * @param columns features and targets
 * @param checkpoints feature groups, and one for the targets
 */
public record PairSize(long rows, int columns, int checkpoints) {
  /** The full set of one pair, as in {@code make bench}. */
  public static final PairSize FULL = new PairSize(177_748, 6_477 + 7, 666 + 1);

  /** Nearly all columns are FLOAT64 or INT64, of 8 bytes. */
  private static final int BYTES_PER_VALUE = 8;

  /** Bytes of a value in the sample's checkpoints, with the default compression; docs/train.md. */
  private static final double FILE_BYTES_PER_VALUE = 6.2;

  /** Values that an extraction reads: each checkpoint's table has a timestamp of its own. */
  public double values() {
    return (double) rows * (columns + checkpoints);
  }

  /** Bytes that BigQuery bills for reading them. */
  double warehouseBytes() {
    return values() * BYTES_PER_VALUE;
  }

  /** Bytes of the checkpoints, and as many of the training file. */
  double fileBytes() {
    return (double) rows * columns * FILE_BYTES_PER_VALUE;
  }
}
