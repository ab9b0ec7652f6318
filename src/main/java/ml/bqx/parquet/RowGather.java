package ml.bqx.parquet;

import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Picks rows of a column by index: the join, once the timestamps have been matched. One that picks
 * the same rows of many columns reuses its arrays.
 */
public final class RowGather {
  /** Stands in an index where the source has no row; the result is null there. */
  public static final int NO_ROW = -1;

  private long[] longs = new long[0];
  private int[] ints = new int[0];
  private boolean[] booleans = new boolean[0];
  private boolean[] valid = new boolean[0];

  /**
   * The rows {@code index[from .. to)} of the source, in that order.
   *
   * @param index for each wanted row its row in the source, or {@link #NO_ROW}
   */
  public static ColumnVector gather(ColumnVector source, int[] index, int from, int to) {
    return new RowGather().next(source, index, from, to);
  }

  /**
   * The same as {@link #gather}, until the next call.
   *
   * @param index as there
   */
  public ColumnVector next(ColumnVector source, int[] index, int from, int to) {
    int rows = to - from;
    boolean @Nullable [] mask = validity(source, index, from, to);
    if (source instanceof Longs values) {
      longs = longs.length == rows ? longs : new long[rows];
      for (int i = 0; i < rows; i++) {
        int row = index[from + i];
        longs[i] = row < 0 ? 0 : values.values()[row];
      }

      return new Longs(longs, mask);
    } else if (source instanceof Ints values) {
      ints = ints.length == rows ? ints : new int[rows];
      for (int i = 0; i < rows; i++) {
        int row = index[from + i];
        ints[i] = row < 0 ? 0 : values.values()[row];
      }

      return new Ints(ints, mask);
    } else if (source instanceof Booleans values) {
      booleans = booleans.length == rows ? booleans : new boolean[rows];
      for (int i = 0; i < rows; i++) {
        int row = index[from + i];
        booleans[i] = row < 0 ? false : values.values()[row];
      }

      return new Booleans(booleans, mask);
    }

    return binaries((Binaries) source, index, from, to, mask);
  }

  private static ColumnVector binaries(
      Binaries source, int[] index, int from, int to, boolean @Nullable [] valid) {
    int[] offsets = new int[to - from + 1];
    for (int i = 0; i < to - from; i++) {
      int row = index[from + i];
      offsets[i + 1] = Math.addExact(offsets[i], row < 0 ? 0 : source.length(row));
    }

    byte[] bytes = new byte[offsets[to - from]];
    for (int i = 0; i < to - from; i++) {
      int row = index[from + i];
      if (row >= 0) {
        System.arraycopy(
            source.bytes(), source.offsets()[row], bytes, offsets[i], source.length(row));
      }
    }

    return new Binaries(bytes, offsets, valid);
  }

  private boolean @Nullable [] validity(ColumnVector source, int[] index, int from, int to) {
    int rows = to - from;
    valid = valid.length == rows ? valid : new boolean[rows];
    boolean[] there = valid;
    boolean[] mask = source.valid();
    boolean complete = true;
    for (int i = 0; i < rows; i++) {
      int row = index[from + i];
      // A row's validity is read and not tested: a test is often guessed wrong.
      there[i] = row < 0 ? false : mask == null ? true : mask[row];
      complete &= there[i];
    }

    return complete ? null : there;
  }
}
