package ml.bqx.parquet;

import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;

/** Columns of one row block, as features are. */
final class Columns {
  /** The default of {@code --rowGroupRows}. */
  static final int ROWS = 16_384;

  /** Distinct values of a column that a dictionary pays for. */
  private static final int DISTINCT = 200;

  /** One row in ten is null, as where a group lacks rows of the spine. */
  private static final int NULL_EVERY = 10;

  private static final long MICROS_PER_MINUTE = 60_000_000;

  private Columns() {}

  static ColumnSchema schema() {
    return ColumnSchema.float64("feature");
  }

  static Longs doubles(Content content) {
    Random random = new Random(1);
    boolean repeated = content == Content.REPEATED || content == Content.REPEATED_WITH_NULLS;
    boolean nulls =
        content == Content.DISTINCT_WITH_NULLS || content == Content.REPEATED_WITH_NULLS;
    long[] values = new long[ROWS];
    boolean[] valid = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      valid[row] = !nulls || random.nextInt(NULL_EVERY) > 0;
      double value = repeated ? random.nextInt(DISTINCT) : random.nextGaussian();
      values[row] = valid[row] ? Double.doubleToRawLongBits(value) : 0;
    }

    return new Longs(values, nulls ? valid : null);
  }

  static Longs timestamps() {
    long[] values = new long[ROWS];
    for (int row = 0; row < ROWS; row++) {
      values[row] = row * MICROS_PER_MINUTE;
    }

    return new Longs(values, null);
  }
}
