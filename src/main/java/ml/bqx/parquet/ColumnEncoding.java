package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * How the values of a column become doubles, for programs that take nothing but numbers. Nulls stay
 * nulls.
 *
 * @param kind what is done
 * @param raw the column before that
 * @param codes the texts that become their place in this list; empty for all other kinds
 * @param single whether doubles, also those that values become, are written as the nearest FLOATs
 */
public record ColumnEncoding(Kind kind, ColumnSchema raw, List<String> codes, boolean single)
    implements Serializable {
  /** Integers from here on, without regard to the sign, may not be doubles. */
  public static final long EXACT_INTEGERS = 1L << 53;

  private static final int SIGNIFICANT_BITS = 53;

  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What becomes of values. */
  public enum Kind {
    /** They stay as they are. */
    NONE,
    /** An integer becomes the nearest double. */
    INTEGER,
    /** False and true become 0 and 1. */
    BOOLEAN,
    /** A text becomes its place in a list. */
    CODE,
    /** A date becomes days since 1970-01-01. */
    DAYS,
    /** A timestamp becomes seconds since 1970. */
    SECONDS,
    /** A decimal becomes the nearest double. */
    DECIMAL
  }

  public ColumnEncoding {
    codes = List.copyOf(codes);
  }

  /** No encoding. */
  public static ColumnEncoding none(ColumnSchema raw) {
    return new ColumnEncoding(Kind.NONE, raw, List.of(), false);
  }

  /** Whether values are written as they are. */
  public boolean isNone() {
    return kind == Kind.NONE && !narrows();
  }

  private boolean narrows() {
    return single && wide().physical() == Type.DOUBLE;
  }

  /** What makes doubles of a column's values; empty when they are nothing like numbers. */
  public static Optional<Kind> kind(ColumnSchema raw) {
    if (isNumber(raw)) {
      boolean integer = raw.physical() == Type.INT32 || raw.physical() == Type.INT64;
      return Optional.of(integer ? Kind.INTEGER : Kind.NONE);
    }

    LogicalType type = raw.element().getLogicalType();
    ConvertedType converted = raw.element().getConverted_type();
    if (raw.physical() == Type.BOOLEAN) {
      return Optional.of(Kind.BOOLEAN);
    } else if (converted == ConvertedType.UTF8 || (type != null && type.isSetSTRING())) {
      return Optional.of(Kind.CODE);
    } else if (converted == ConvertedType.DATE || (type != null && type.isSetDATE())) {
      return Optional.of(Kind.DAYS);
    } else if (converted == ConvertedType.DECIMAL || (type != null && type.isSetDECIMAL())) {
      return Optional.of(Kind.DECIMAL);
    }

    boolean timestamp =
        converted == ConvertedType.TIMESTAMP_MILLIS
            || converted == ConvertedType.TIMESTAMP_MICROS
            || (type != null && type.isSetTIMESTAMP());
    return timestamp ? Optional.of(Kind.SECONDS) : Optional.empty();
  }

  /** Whether values are plain numbers: floating-point, or integers without another meaning. */
  public static boolean isNumber(ColumnSchema raw) {
    return switch (raw.physical()) {
      case DOUBLE, FLOAT -> !raw.element().isSetLogicalType();
      case INT32, INT64 -> {
        LogicalType type = raw.element().getLogicalType();
        ConvertedType converted = raw.element().getConverted_type();
        yield type != null
            ? type.isSetINTEGER()
            : converted == null || converted.name().matches("U?INT_\\d+");
      }
      default -> false;
    };
  }

  /** The column as it is encoded. */
  public ColumnSchema encoded() {
    return narrows() ? ColumnSchema.float32(raw.name()) : wide();
  }

  private ColumnSchema wide() {
    return kind == Kind.NONE ? raw : ColumnSchema.float64(raw.name());
  }

  /**
   * Encodes values.
   *
   * @throws IllegalStateException when a text has no code
   */
  public ColumnVector encode(ColumnVector values) {
    ColumnVector wide = wide(values);
    return narrows() ? SingleFloats.of((Longs) wide) : wide;
  }

  /**
   * What encoding changes besides rounding fractions.
   *
   * @param values before they are encoded
   * @param rows which of them count; {@link RowGather#NO_ROW} stands for none
   */
  public ValueLosses losses(ColumnVector values, int... rows) {
    ValueLosses losses = new ValueLosses(rounded(values, rows), 0, 0);
    return narrows() ? losses.plus(SingleFloats.losses((Longs) wide(values), rows)) : losses;
  }

  /** Integers that have more significant bits than a double. */
  private long rounded(ColumnVector values, int... rows) {
    if (kind != Kind.INTEGER || !(values instanceof Longs longs)) {
      return 0;
    }

    return Arrays.stream(rows)
        .filter(row -> row != RowGather.NO_ROW && !longs.isNull(row))
        .mapToLong(row -> isUnsigned() ? longs.values()[row] : Math.abs(longs.values()[row]))
        .filter(
            value ->
                Long.SIZE - Long.numberOfLeadingZeros(value) - Long.numberOfTrailingZeros(value)
                    > SIGNIFICANT_BITS)
        .count();
  }

  private ColumnVector wide(ColumnVector values) {
    return switch (kind) {
      case NONE -> values;
      case INTEGER -> integers(values, isUnsigned());
      case DAYS -> integers(values, false);
      case BOOLEAN -> booleans((Booleans) values);
      case CODE -> texts((Binaries) values);
      case SECONDS -> seconds((Longs) values);
      case DECIMAL -> decimals(values);
    };
  }

  private boolean isUnsigned() {
    return raw.typeName().contains("UINT_");
  }

  private static Longs integers(ColumnVector values, boolean unsigned) {
    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      doubles[row] = bits(integer(values, row, unsigned));
    }

    return nullsAsZeroBits(doubles, values);
  }

  private static double integer(ColumnVector values, int row, boolean unsigned) {
    if (values instanceof Ints ints) {
      return unsigned ? Integer.toUnsignedLong(ints.values()[row]) : ints.values()[row];
    }

    long value = ((Longs) values).values()[row];
    return unsigned && value < 0
        ? new BigInteger(Long.toUnsignedString(value)).doubleValue()
        : value;
  }

  private static Longs booleans(Booleans values) {
    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      doubles[row] = bits(values.values()[row] ? 1 : 0);
    }

    return nullsAsZeroBits(doubles, values);
  }

  private Longs seconds(Longs values) {
    TimeUnit unit =
        raw.element().isSetLogicalType()
            ? raw.element().getLogicalType().getTIMESTAMP().getUnit()
            : new TimeUnit();
    boolean millis =
        unit.isSetMILLIS() || raw.element().getConverted_type() == ConvertedType.TIMESTAMP_MILLIS;
    double perSecond =
        unit.isSetNANOS() ? NANOS_PER_SECOND : millis ? MILLIS_PER_SECOND : MICROS_PER_SECOND;
    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      doubles[row] = bits(values.values()[row] / perSecond);
    }

    return nullsAsZeroBits(doubles, values);
  }

  private Longs decimals(ColumnVector values) {
    if (values instanceof Binaries binaries) {
      return NearestDoubles.of(binaries, raw);
    }

    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      long unscaled =
          values instanceof Ints ints ? ints.values()[row] : ((Longs) values).values()[row];
      doubles[row] = bits(BigDecimal.valueOf(unscaled, raw.decimalScale()).doubleValue());
    }

    return nullsAsZeroBits(doubles, values);
  }

  private Longs texts(Binaries values) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < codes.size(); i++) {
      places.put(codes.get(i), i);
    }

    long[] doubles = new long[values.size()];
    for (int row = 0; row < doubles.length; row++) {
      if (!values.isNull(row)) {
        String text = text(values, row);
        Integer place = places.get(text);
        if (place == null) {
          throw new IllegalStateException(
              "Cannot encode column %s: there is no code for '%s'".formatted(raw.name(), text));
        }

        doubles[row] = bits(place);
      }
    }

    return new Longs(doubles, values.valid());
  }

  /** The text in a row. */
  public static String text(Binaries values, int row) {
    int from = values.offsets()[row];
    return new String(Arrays.copyOfRange(values.bytes(), from, from + values.length(row)), UTF_8);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static Longs nullsAsZeroBits(long[] doubles, ColumnVector values) {
    for (int row = 0; row < doubles.length; row++) {
      if (values.isNull(row)) {
        doubles[row] = 0;
      }
    }

    return new Longs(doubles, values.valid());
  }
}
