package ml.bqx.parquet;

import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;

/** Doubles as the nearest FLOATs. */
public final class SingleFloats {
  private SingleFloats() {}

  /** The values of a DOUBLE column as those of a FLOAT column; nulls stay nulls. */
  public static Ints of(Longs doubles) {
    int[] floats = new int[doubles.size()];
    for (int row = 0; row < floats.length; row++) {
      floats[row] = Float.floatToRawIntBits((float) Double.longBitsToDouble(doubles.values()[row]));
    }

    return new Ints(floats, doubles.valid());
  }

  /**
   * What that changes, besides rounding.
   *
   * @param rows which values count; {@link RowGather#NO_ROW} stands for none
   */
  public static ValueLosses losses(Longs doubles, int... rows) {
    long overflowed = 0;
    long subnormal = 0;
    for (int row : rows) {
      if (row != RowGather.NO_ROW && !doubles.isNull(row)) {
        double value = Double.longBitsToDouble(doubles.values()[row]);
        float nearest = (float) value;
        overflowed += Float.isInfinite(nearest) && !Double.isInfinite(value) ? 1 : 0;
        subnormal += Math.abs(nearest) < Float.MIN_NORMAL && value != 0 ? 1 : 0;
      }
    }

    return new ValueLosses(0, overflowed, subnormal);
  }
}
