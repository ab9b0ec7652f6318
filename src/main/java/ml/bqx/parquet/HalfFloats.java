package ml.bqx.parquet;

import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Ints;
import org.apache.parquet.format.Type;

/**
 * Floats that were halves, and become halves again: FLOAT16 of the format, which some engines read
 * as FLOAT.
 *
 * @see <a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#float16">The
 *     format</a>
 */
final class HalfFloats {
  // Of IEEE 754: a float has 8 bits of exponent and 23 of fraction, a half 5 and 10.
  private static final int FLOAT_BIAS = 127;
  private static final int FLOAT_FRACTION = 0x007fffff;
  private static final int FLOAT_LEADING_BIT = 0x00800000;
  private static final int FLOAT_MAX_EXPONENT = 0xff;
  private static final int FRACTION_BITS = 23;
  private static final int HALF_BIAS = 15;
  private static final int HALF_FRACTION_BITS = 10;
  private static final int HALF_INFINITY = 0x7c00;
  private static final int HALF_SIGN = 0x8000;

  /** Least exponent of a half whose fraction has a leading bit. */
  private static final int LEAST_NORMAL = 1 - HALF_BIAS;

  private static final int INEXACT = -1;

  private HalfFloats() {}

  /**
   * Halves of floats.
   *
   * @return two bytes of each row that is not null, little-endian
   * @throws InvalidParquetException when a value is no half
   */
  static Binaries of(Ints floats, ColumnSchema to) throws InvalidParquetException {
    VectorBuilder.OfBinaries target =
        (VectorBuilder.OfBinaries) VectorBuilder.of(Type.FIXED_LEN_BYTE_ARRAY, floats.size());
    for (int row = 0; row < floats.size(); row++) {
      if (floats.isNull(row)) {
        target.appendNull();
        continue;
      }

      int half = half(floats.values()[row]);
      if (half == INEXACT) {
        throw new InvalidParquetException(
            "Cannot take column %s: row %,d holds %s, which %s cannot hold exactly"
                .formatted(
                    to.name(), row, Float.intBitsToFloat(floats.values()[row]), to.typeName()));
      }

      target.append(new byte[] {(byte) half, (byte) (half >>> Byte.SIZE)});
    }

    return (Binaries) target.build();
  }

  /** The bits of the half that is the float with these bits, or {@link #INEXACT}. */
  static int half(int bits) {
    int sign = (bits >>> Short.SIZE) & HALF_SIGN;
    int exponent = (bits >>> FRACTION_BITS) & FLOAT_MAX_EXPONENT;
    int fraction = bits & FLOAT_FRACTION;
    if (exponent == FLOAT_MAX_EXPONENT) {
      return shifted(sign | HALF_INFINITY, fraction, FRACTION_BITS - HALF_FRACTION_BITS);
    } else if (exponent == 0) {
      return fraction == 0 ? sign : INEXACT;
    }

    int power = exponent - FLOAT_BIAS;
    if (power > HALF_BIAS || power < LEAST_NORMAL - HALF_FRACTION_BITS) {
      return INEXACT;
    }

    int normalShift = FRACTION_BITS - HALF_FRACTION_BITS;
    return power >= LEAST_NORMAL
        ? shifted(sign | (power + HALF_BIAS) << HALF_FRACTION_BITS, fraction, normalShift)
        : shifted(sign, fraction | FLOAT_LEADING_BIT, normalShift + LEAST_NORMAL - power);
  }

  private static int shifted(int others, int fraction, int shift) {
    int kept = fraction >>> shift;
    return kept << shift == fraction ? others | kept : INEXACT;
  }
}
