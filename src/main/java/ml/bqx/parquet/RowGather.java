package ml.bqx.parquet;

import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Picks rows of a column by index: the join, once the timestamps have been matched. */
public final class RowGather {
  /** Stands in an index where the source has no row; the result is null there. */
  public static final int NO_ROW = -1;

  private RowGather() {}

  /**
   * The rows {@code index[from .. to)} of the source, in that order.
   *
   * @param index for each wanted row its row in the source, or {@link #NO_ROW}
   */
  public static ColumnVector gather(ColumnVector source, int[] index, int from, int to) {
    boolean @Nullable [] valid = validity(source, index, from, to);
    if (source instanceof Longs longs) {
      long[] values = new long[to - from];
      for (int i = 0; i < values.length; i++) {
        int row = index[from + i];
        values[i] = row < 0 ? 0 : longs.values()[row];
      }

      return new Longs(values, valid);
    } else if (source instanceof Ints ints) {
      int[] values = new int[to - from];
      for (int i = 0; i < values.length; i++) {
        int row = index[from + i];
        values[i] = row < 0 ? 0 : ints.values()[row];
      }

      return new Ints(values, valid);
    } else if (source instanceof Booleans booleans) {
      boolean[] values = new boolean[to - from];
      for (int i = 0; i < values.length; i++) {
        int row = index[from + i];
        values[i] = row < 0 ? false : booleans.values()[row];
      }

      return new Booleans(values, valid);
    }

    return binaries((Binaries) source, index, from, to, valid);
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

  private static boolean @Nullable [] validity(ColumnVector source, int[] index, int from, int to) {
    boolean[] mask = source.valid();
    boolean[] valid = new boolean[to - from];
    boolean complete = true;
    for (int i = 0; i < valid.length; i++) {
      int row = index[from + i];
      // A row's validity is read and not tested: a test is often guessed wrong.
      valid[i] = row < 0 ? false : mask == null ? true : mask[row];
      complete &= valid[i];
    }

    return complete ? null : valid;
  }
}
