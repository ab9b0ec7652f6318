package ml.bqx.parquet;

import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;

/**
 * Moves the values of a column that are not null side by side, so that all that comes after needs
 * no mask. The arrays are reused: a result is valid until the next call.
 */
final class PresentValues {
  private long[] longs = new long[0];
  private int[] ints = new int[0];
  private boolean[] booleans = new boolean[0];

  /**
   * The present values in order, in a vector without a mask, which may be longer than they are.
   *
   * @param present how many there are
   */
  ColumnVector of(ColumnVector vector, int present) {
    boolean[] valid = vector.valid();
    if (valid == null) {
      return vector;
    } else if (vector instanceof Longs source) {
      longs = longs.length < valid.length ? new long[valid.length] : longs;
      compact(source.values(), valid);
      return new Longs(longs, null);
    } else if (vector instanceof Ints source) {
      ints = ints.length < valid.length ? new int[valid.length] : ints;
      compact(source.values(), valid);
      return new Ints(ints, null);
    } else if (vector instanceof Booleans source) {
      booleans = booleans.length < valid.length ? new boolean[valid.length] : booleans;
      compact(source.values(), valid);
      return new Booleans(booleans, null);
    }

    return compact((Binaries) vector, present);
  }

  private void compact(long[] source, boolean[] valid) {
    int next = 0;
    for (int row = 0; row < valid.length; row++) {
      // Written whether it counts or not: cheaper than a branch that is often guessed wrong.
      longs[next] = source[row];
      next += valid[row] ? 1 : 0;
    }
  }

  private void compact(int[] source, boolean[] valid) {
    int next = 0;
    for (int row = 0; row < valid.length; row++) {
      ints[next] = source[row];
      next += valid[row] ? 1 : 0;
    }
  }

  private void compact(boolean[] source, boolean[] valid) {
    int next = 0;
    for (int row = 0; row < valid.length; row++) {
      booleans[next] = source[row];
      next += valid[row] ? 1 : 0;
    }
  }

  /** Null rows have no bytes, so the values are adjacent. */
  private static Binaries compact(Binaries source, int present) {
    int[] offsets = new int[present + 1];
    int next = 0;
    offsets[0] = source.offsets()[0];
    for (int row = 0; row < source.size(); row++) {
      if (!source.isNull(row)) {
        offsets[++next] = source.offsets()[row + 1];
      }
    }

    return new Binaries(source.bytes(), offsets, null);
  }
}
