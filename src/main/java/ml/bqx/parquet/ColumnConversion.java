package ml.bqx.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.IntFunction;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Brings values that another tool has stored in a type of its own choice back to the type they must
 * have: a decimal in 8 bytes to one in 16, microseconds to milliseconds, a double that was a float,
 * text to plain bytes. What the wanted type cannot hold exactly is an error; nothing is ever
 * rounded.
 */
public final class ColumnConversion {
  // Of IEEE 754: the parts of a float's and of a double's bits.
  private static final int FLOAT_EXPONENT = 0x7f800000;
  private static final long FLOAT_FRACTION = 0x007fffff;
  private static final long DOUBLE_EXPONENT = 0x7ff00000_00000000L;
  private static final long DOUBLE_FRACTION = 0x000fffff_ffffffffL;
  private static final long SIGN = Long.MIN_VALUE;

  /** Bits of a double's fraction that a float's has not. */
  private static final int FRACTION_BITS_MORE = 29;

  private final ColumnSchema from;
  private final ColumnSchema to;

  private ColumnConversion(ColumnSchema from, ColumnSchema to) {
    this.from = from;
    this.to = to;
  }

  /**
   * The same values as another column stores them; the vector itself where both store them alike.
   *
   * @param from what the values are
   * @param to what they must be, as of its type; nulls stay nulls
   * @throws InvalidParquetException when the types have nothing in common, or a value does not fit
   */
  public static ColumnVector convert(ColumnVector values, ColumnSchema from, ColumnSchema to)
      throws InvalidParquetException {
    return from.sameType(to) ? values : new ColumnConversion(from, to).convert(values);
  }

  private ColumnVector convert(ColumnVector values) throws InvalidParquetException {
    Quantity have = Quantity.of(from);
    Quantity want = Quantity.of(to);
    if (have != null && want != null && have.kind == want.kind) {
      boolean alike = have.equals(want) && isStoredAlike();
      return alike ? values : rescaled(values, have, want);
    }

    if (have == null && want == null) {
      if (from.physical() == Type.FLOAT && to.physical() == Type.DOUBLE) {
        return widened((Ints) values);
      } else if (from.physical() == Type.DOUBLE && to.physical() == Type.FLOAT) {
        return narrowed((Longs) values);
      } else if (from.physical() == Type.FLOAT && isHalf(to)) {
        return HalfFloats.of((Ints) values, to);
      } else if (isBytes(from) && isBytes(to)) {
        return sized((Binaries) values);
      }
    }

    if (have != null && have.isWhole() && want == null && to.physical() == Type.DOUBLE) {
      return toDoubles(values, have.unsigned);
    }

    throw new InvalidParquetException(
        "Cannot take column %s: it is %s, which cannot become %s"
            .formatted(to.name(), from.typeName(), to.typeName()));
  }

  private boolean isStoredAlike() {
    return from.physical() == to.physical() && from.fixedBytes() == to.fixedBytes();
  }

  private static boolean isHalf(ColumnSchema column) {
    LogicalType logical = column.element().getLogicalType();
    return logical != null && logical.isSetFLOAT16();
  }

  private static boolean isBytes(ColumnSchema column) {
    return (column.physical() == Type.BYTE_ARRAY || column.physical() == Type.FIXED_LEN_BYTE_ARRAY)
        && !isHalf(column);
  }

  private ColumnVector sized(Binaries values) throws InvalidParquetException {
    for (int row = 0; row < values.size() && to.fixedBytes() > 0; row++) {
      if (!values.isNull(row) && values.length(row) != to.fixedBytes()) {
        throw unfit(row, "%d bytes".formatted(values.length(row)));
      }
    }

    return values;
  }

  private static Longs widened(Ints values) {
    long[] widened = new long[values.size()];
    for (int row = 0; row < widened.length; row++) {
      widened[row] = widened(values.values()[row]);
    }

    return new Longs(widened, values.valid());
  }

  /** A NaN not by the processor, which changes its payload. */
  private static long widened(int bits) {
    float value = Float.intBitsToFloat(bits);
    if (!Float.isNaN(value)) {
      return Double.doubleToRawLongBits(value);
    }

    long sign = bits < 0 ? SIGN : 0;
    return sign | DOUBLE_EXPONENT | ((bits & FLOAT_FRACTION) << FRACTION_BITS_MORE);
  }

  private Longs toDoubles(ColumnVector values, boolean unsigned) throws InvalidParquetException {
    IntFunction<BigInteger> counts = counts(values, unsigned);
    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      if (!values.isNull(row)) {
        BigInteger count = counts.apply(row);
        double nearest = count.doubleValue();
        if (!new BigDecimal(nearest).equals(new BigDecimal(count))) {
          throw unfit(row, count.toString());
        }

        doubles[row] = Double.doubleToRawLongBits(nearest);
      }
    }

    return new Longs(doubles, values.valid());
  }

  private Ints narrowed(Longs values) throws InvalidParquetException {
    int[] narrowed = new int[values.size()];
    for (int row = 0; row < narrowed.length; row++) {
      long bits = values.values()[row];
      narrowed[row] = narrowed(bits);
      if (widened(narrowed[row]) != bits) {
        throw unfit(row, Double.toString(Double.longBitsToDouble(bits)));
      }
    }

    return new Ints(narrowed, values.valid());
  }

  private static int narrowed(long bits) {
    double value = Double.longBitsToDouble(bits);
    if (!Double.isNaN(value)) {
      return Float.floatToRawIntBits((float) value);
    }

    int sign = bits < 0 ? 1 << 31 : 0;
    return sign | FLOAT_EXPONENT | (int) ((bits & DOUBLE_FRACTION) >>> FRACTION_BITS_MORE);
  }

  private ColumnVector rescaled(ColumnVector values, Quantity have, Quantity want)
      throws InvalidParquetException {
    IntFunction<BigInteger> counts = counts(values, have.unsigned);
    VectorBuilder target = VectorBuilder.of(to.physical(), values.size());
    BigInteger factor = BigInteger.TEN.pow(Math.abs(want.scale - have.scale));
    for (int row = 0; row < values.size(); row++) {
      if (values.isNull(row)) {
        target.appendNull();
        continue;
      }

      BigInteger count = counts.apply(row);
      BigInteger[] parts =
          want.scale >= have.scale
              ? new BigInteger[] {count.multiply(factor), BigInteger.ZERO}
              : count.divideAndRemainder(factor);
      if (parts[1].signum() != 0 || !append(target, parts[0], want.unsigned)) {
        throw unfit(row, "%s (as %s)".formatted(count, from.typeName()));
      }
    }

    return target.build();
  }

  private static IntFunction<BigInteger> counts(ColumnVector values, boolean unsigned) {
    if (values instanceof Ints ints) {
      return row ->
          BigInteger.valueOf(
              unsigned ? Integer.toUnsignedLong(ints.values()[row]) : ints.values()[row]);
    } else if (values instanceof Longs longs) {
      return row ->
          unsigned
              ? new BigInteger(Long.toUnsignedString(longs.values()[row]))
              : BigInteger.valueOf(longs.values()[row]);
    }

    Binaries binaries = (Binaries) values;
    return row -> new BigInteger(binaries.bytes(), binaries.offsets()[row], binaries.length(row));
  }

  /** Whether the number fits and was appended. */
  private boolean append(VectorBuilder target, BigInteger number, boolean unsigned) {
    int bits = unsigned ? number.bitLength() : number.bitLength() + 1;
    if (unsigned && number.signum() < 0) {
      return false;
    }

    if (target instanceof VectorBuilder.OfInts ints && bits <= Integer.SIZE) {
      ints.append(number.intValue());
      return true;
    } else if (target instanceof VectorBuilder.OfLongs longs && bits <= Long.SIZE) {
      longs.append(number.longValue());
      return true;
    } else if (target instanceof VectorBuilder.OfBinaries binaries) {
      return append(binaries, number.toByteArray());
    }

    return false;
  }

  private boolean append(VectorBuilder.OfBinaries target, byte[] number) {
    int size = to.fixedBytes() > 0 ? to.fixedBytes() : number.length;
    if (number.length > size) {
      return false;
    }

    target.append(ColumnSchema.widened(number, size));
    return true;
  }

  private InvalidParquetException unfit(int row, String value) {
    return new InvalidParquetException(
        "Cannot take column %s: row %,d holds %s, which %s cannot hold exactly"
            .formatted(to.name(), row, value, to.typeName()));
  }

  private enum Kind {
    NUMBER,
    DATE,
    TIME,
    TIMESTAMP
  }

  /**
   * What a column that counts something counts.
   *
   * @param scale how often the counted unit goes into 1, or into a second, as a power of ten
   */
  private record Quantity(Kind kind, int scale, boolean unsigned) {
    /** Whether the numbers are integers, by their type. */
    boolean isWhole() {
      return kind == Kind.NUMBER && scale == 0;
    }

    /** What the column counts, or null when it holds something else. */
    static @Nullable Quantity of(ColumnSchema column) {
      SchemaElement element = column.element();
      LogicalType logical = element.getLogicalType();
      if (logical != null && logical.isSetDECIMAL()) {
        return new Quantity(Kind.NUMBER, logical.getDECIMAL().getScale(), false);
      } else if (logical != null && logical.isSetTIMESTAMP()) {
        return new Quantity(Kind.TIMESTAMP, scale(logical.getTIMESTAMP().getUnit()), false);
      } else if (logical != null && logical.isSetTIME()) {
        return new Quantity(Kind.TIME, scale(logical.getTIME().getUnit()), false);
      } else if (element.isSetConverted_type()) {
        return of(element);
      }

      boolean whole = column.physical() == Type.INT32 || column.physical() == Type.INT64;
      boolean unsigned =
          logical != null && logical.isSetINTEGER() && !logical.getINTEGER().isIsSigned();
      return whole ? new Quantity(Kind.NUMBER, 0, unsigned) : null;
    }

    private static int scale(TimeUnit unit) {
      return switch (unit.getSetField()) {
        case MILLIS -> 3;
        case MICROS -> 6;
        case NANOS -> 9;
      };
    }

    private static @Nullable Quantity of(SchemaElement element) {
      ConvertedType type = element.getConverted_type();
      return switch (type) {
        case DECIMAL -> new Quantity(Kind.NUMBER, element.getScale(), false);
        case INT_8, INT_16, INT_32, INT_64 -> new Quantity(Kind.NUMBER, 0, false);
        case UINT_8, UINT_16, UINT_32, UINT_64 -> new Quantity(Kind.NUMBER, 0, true);
        case DATE -> new Quantity(Kind.DATE, 0, false);
        case TIME_MILLIS -> new Quantity(Kind.TIME, 3, false);
        case TIME_MICROS -> new Quantity(Kind.TIME, 6, false);
        case TIMESTAMP_MILLIS -> new Quantity(Kind.TIMESTAMP, 3, false);
        case TIMESTAMP_MICROS -> new Quantity(Kind.TIMESTAMP, 6, false);
        default -> null;
      };
    }
  }
}
