package ml.bqx.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Longs;

/** Decimals that are too wide for most readers, as the doubles nearest to them. */
public final class NearestDoubles {
  private NearestDoubles() {}

  /**
   * Rounds the values.
   *
   * @param decimals big-endian two's complement, of a {@linkplain ColumnSchema#isWideDecimal wide}
   *     column
   */
  public static Longs of(Binaries decimals, ColumnSchema column) {
    int scale = column.decimalScale();
    long[] values = new long[decimals.size()];
    for (int row = 0; row < values.length; row++) {
      // A value may have no bytes at all, which is no number: like a null it stays zero bits.
      if (!decimals.isNull(row) && decimals.length(row) > 0) {
        BigInteger number =
            new BigInteger(decimals.bytes(), decimals.offsets()[row], decimals.length(row));
        values[row] = Double.doubleToRawLongBits(new BigDecimal(number, scale).doubleValue());
      }
    }

    return new Longs(values, decimals.valid());
  }
}
