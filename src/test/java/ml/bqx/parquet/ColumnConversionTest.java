package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;
import org.junit.jupiter.api.Test;

class ColumnConversionTest {
  private static final ColumnSchema DOUBLE = ColumnSchema.float64("x");
  private static final ColumnSchema FLOAT = plain(Type.FLOAT);
  private static final ColumnSchema TEXT = ColumnSchema.string("x");
  private static final ColumnSchema MICROS = ColumnSchema.timestampMicros("x");

  /** The second of three rows is null. */
  private static final boolean[] NULL_IN_THE_MIDDLE = {true, false, true};

  @Test
  void whatIsStoredAlikeIsHandedOn() throws Exception {
    Longs values = new Longs(new long[] {1, 2}, null);

    assertThat(convert(values, plain(Type.INT64), converted(Type.INT64, ConvertedType.INT_64)))
        .isSameAs(values);
    assertThat(convert(values, decimal(Type.INT64, 17, 3), decimal(Type.INT64, 18, 3)))
        .isSameAs(values);
    assertThat(convert(values, DOUBLE, DOUBLE.renamed("y"))).isSameAs(values);
  }

  @Test
  void decimalsChangeTheirBytes() throws Exception {
    ColumnSchema wide = ColumnSchema.decimal("x", 38, 3);
    Longs values = new Longs(new long[] {-1, 0, 123_456_789_012_345L}, NULL_IN_THE_MIDDLE);

    Binaries widened = (Binaries) convert(values, decimal(Type.INT64, 18, 3), wide);

    assertThat(widened.valid()).containsExactly(NULL_IN_THE_MIDDLE);
    assertThat(widened.offsets()).containsExactly(0, 16, 16, 32);
    assertThat(number(widened, 0)).isEqualTo(-1);
    assertThat(number(widened, 2)).isEqualTo(123_456_789_012_345L);
    assertSame(convert(widened, wide, decimal(Type.INT64, 18, 3)), values);
    Binaries shortest = (Binaries) convert(widened, wide, decimal(Type.BYTE_ARRAY, 38, 3));
    assertThat(shortest.offsets()).containsExactly(0, 1, 1, 7);
    assertThat(number(shortest, 2)).isEqualTo(123_456_789_012_345L);
  }

  @Test
  void decimalsChangeTheirScaleWhenNothingIsLost() throws Exception {
    ColumnSchema two = decimal(Type.INT32, 9, 2);
    ColumnSchema nine = ColumnSchema.decimal("x", 38, 9);
    Ints values = new Ints(new int[] {-9_999, 0, 12_345}, NULL_IN_THE_MIDDLE);

    ColumnVector scaled = convert(values, two, nine);

    assertThat(number((Binaries) scaled, 0)).isEqualTo(-99_990_000_000L);
    assertSame(convert(scaled, nine, two), values);
    assertThatThrownBy(() -> convert(scaled, nine, decimal(Type.INT32, 9, 1)))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot take column x: row 0 holds -99990000000 (as FIXED_LEN_BYTE_ARRAY DECIMAL(38, 9)), which INT32 DECIMAL(9, 1) cannot hold exactly");
  }

  @Test
  void wholeNumbersChangeTheirWidth() throws Exception {
    Longs values = new Longs(new long[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE}, null);
    ColumnSchema small = converted(Type.INT32, ConvertedType.INT_32);

    Ints narrowed = (Ints) convert(values, plain(Type.INT64), small);

    assertThat(narrowed.values()).containsExactly(Integer.MIN_VALUE, 0, Integer.MAX_VALUE);
    assertSame(convert(narrowed, small, plain(Type.INT64)), values);
    assertThatThrownBy(
            () -> convert(new Longs(new long[] {1L << 31}, null), plain(Type.INT64), small))
        .hasMessageContaining("row 0 holds 2147483648");
  }

  @Test
  void unsignedNumbersFitDecimals() throws Exception {
    ColumnSchema unsigned = converted(Type.INT64, ConvertedType.UINT_64);
    Longs values = new Longs(new long[] {-1, 0, Long.MIN_VALUE}, null);

    ColumnVector numeric = convert(values, unsigned, ColumnSchema.decimal("x", 38, 9));

    assertSame(convert(numeric, ColumnSchema.decimal("x", 38, 9), unsigned), values);
    assertThatThrownBy(() -> convert(new Longs(new long[] {-1}, null), plain(Type.INT64), unsigned))
        .hasMessageContaining("row 0 holds -1");
  }

  @Test
  void timesChangeTheirUnit() throws Exception {
    ColumnSchema millis = converted(Type.INT64, ConvertedType.TIMESTAMP_MILLIS);
    Longs values = new Longs(new long[] {-1_000, 0, 5_000_000}, null);

    assertSame(convert(values, MICROS, millis), new Longs(new long[] {-1, 0, 5_000}, null));
    assertSame(
        convert(values, time(TimeUnit.NANOS(new NanoSeconds())), time(micros())),
        new Longs(new long[] {-1, 0, 5_000}, null));
    assertThatThrownBy(() -> convert(new Longs(new long[] {1_001}, null), MICROS, millis))
        .hasMessage(
            "Cannot take column x: row 0 holds 1001 (as INT64 TIMESTAMP_MICROS), which INT64 TIMESTAMP_MILLIS cannot hold exactly");
  }

  @Test
  void floatsComeThroughDoublesBitByBit() throws Exception {
    int[] bits = {
      0,
      0x80000000,
      0x7f800000,
      0xff800000,
      0x7fc00000,
      0x7fc0002a,
      0x7f800001,
      0xffc00001,
      1,
      Float.floatToRawIntBits(0.1f)
    };
    Ints values = new Ints(bits, null);

    ColumnVector wide = convert(values, FLOAT, DOUBLE);

    assertThat(Double.longBitsToDouble(((Longs) wide).values()[9])).isEqualTo(0.1f);
    assertSame(convert(wide, DOUBLE, FLOAT), values);
  }

  @Test
  void doublesThatAreNoFloatsAreRefused() {
    for (long bits :
        new long[] {
          Double.doubleToRawLongBits(0.1), Double.doubleToRawLongBits(1e300), 0x7ff8000000000001L
        }) {
      assertThatThrownBy(() -> convert(new Longs(new long[] {bits}, null), DOUBLE, FLOAT))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessage(
              "Cannot take column x: row 0 holds %s, which FLOAT cannot hold exactly"
                  .formatted(Double.longBitsToDouble(bits)));
    }
  }

  @Test
  void bytesLoseAndGetTheirMeaning() throws Exception {
    Binaries values = binaries(new byte[16], null, new byte[16]);
    SchemaElement uuid =
        plain(Type.FIXED_LEN_BYTE_ARRAY)
            .element()
            .deepCopy()
            .setType_length(16)
            .setLogicalType(LogicalType.UUID(new UUIDType()));

    assertThat(convert(values, ColumnSchema.bytes("x"), TEXT)).isSameAs(values);
    assertThat(convert(values, ColumnSchema.bytes("x"), new ColumnSchema(uuid))).isSameAs(values);
    assertThatThrownBy(
            () -> convert(binaries(new byte[3]), ColumnSchema.bytes("x"), new ColumnSchema(uuid)))
        .hasMessageContaining("row 0 holds 3 bytes");
  }

  @Test
  void typesThatHaveNothingInCommonAreRefused() {
    assertThatThrownBy(() -> convert(new Longs(new long[0], null), DOUBLE, MICROS))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot take column x: it is DOUBLE, which cannot become INT64 TIMESTAMP_MICROS");
    assertThatThrownBy(() -> convert(new Longs(new long[0], null), plain(Type.INT64), MICROS))
        .isInstanceOf(InvalidParquetException.class);
  }

  private static ColumnVector convert(ColumnVector values, ColumnSchema from, ColumnSchema to)
      throws InvalidParquetException {
    return ColumnConversion.convert(values, from, to);
  }

  /** By their arrays: records compare these by identity. */
  private static void assertSame(ColumnVector found, ColumnVector expected) {
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  private static long number(Binaries values, int row) {
    return new BigInteger(values.bytes(), values.offsets()[row], values.length(row))
        .longValueExact();
  }

  private static Binaries binaries(byte[]... rows) {
    VectorBuilder.OfBinaries builder =
        (VectorBuilder.OfBinaries) VectorBuilder.of(Type.BYTE_ARRAY, 0);
    for (byte[] row : rows) {
      if (row == null) {
        builder.appendNull();
      } else {
        builder.append(row);
      }
    }

    return (Binaries) builder.build();
  }

  private static ColumnSchema plain(Type type) {
    return new ColumnSchema(
        new SchemaElement("x").setType(type).setRepetition_type(FieldRepetitionType.OPTIONAL));
  }

  private static ColumnSchema converted(Type type, ConvertedType converted) {
    return new ColumnSchema(plain(type).element().deepCopy().setConverted_type(converted));
  }

  private static ColumnSchema decimal(Type type, int precision, int scale) {
    return new ColumnSchema(
        converted(type, ConvertedType.DECIMAL)
            .element()
            .deepCopy()
            .setPrecision(precision)
            .setScale(scale));
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }

  private static ColumnSchema time(TimeUnit unit) {
    return new ColumnSchema(
        plain(Type.INT64)
            .element()
            .deepCopy()
            .setLogicalType(LogicalType.TIME(new TimeType(false, unit))));
  }
}
