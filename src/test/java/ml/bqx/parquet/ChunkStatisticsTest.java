package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkStatisticsTest {
  private static final ColumnSchema DOUBLE = ColumnSchema.float64("d");
  private static final ColumnSchema FLOAT = RandomColumns.leaf("f", Type.FLOAT);
  private static final ColumnSchema TEXT = ColumnSchema.string("t");

  /** Once is PLAIN, many times a dictionary: the same bounds. */
  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void boundsAreTheSmallestAndTheLargest(int repeats) throws IOException {
    assertBounds(doubles(repeats, 2.5, null, -7.0, 1e300), longs(-7.0), longs(1e300));
    assertBounds(
        doubles(repeats, Double.NEGATIVE_INFINITY, 0.5, Double.POSITIVE_INFINITY),
        longs(Double.NEGATIVE_INFINITY),
        longs(Double.POSITIVE_INFINITY));
    assertBounds(doubles(repeats, -1.0, -2.0), longs(-2.0), longs(-1.0));
    assertBounds(
        floats(repeats, 2.5f, null, -7f), ints(Float.floatToRawIntBits(-7f)), ints(0x40200000));
    assertBounds(
        of(ColumnSchema.int64("l"), repeats, Long.MAX_VALUE, null, Long.MIN_VALUE, 0L),
        longBytes(Long.MIN_VALUE),
        longBytes(Long.MAX_VALUE));
    assertBounds(
        of(ColumnSchema.date("i"), repeats, Integer.MIN_VALUE, 5, Integer.MAX_VALUE),
        ints(Integer.MIN_VALUE),
        ints(Integer.MAX_VALUE));
    assertBounds(of(ColumnSchema.bool("b"), repeats, true, null), new byte[] {1}, new byte[] {1});
    assertBounds(of(ColumnSchema.bool("b"), repeats, true, false), new byte[1], new byte[] {1});
    assertBounds(
        of(TEXT, repeats, text("b"), text(""), null, text("\u00e9"), text("z")),
        text(""),
        text("\u00e9"));
    assertBounds(
        of(ColumnSchema.bytes("x"), repeats, new byte[] {-1}, new byte[] {1, 2}),
        new byte[] {1, 2},
        new byte[] {-1});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void zerosAreWidenedToBothSigns(int repeats) throws IOException {
    assertBounds(doubles(repeats, 0.0), longs(-0.0), longs(0.0));
    assertBounds(doubles(repeats, -0.0), longs(-0.0), longs(0.0));
    assertBounds(doubles(repeats, -0.0, 5.0), longs(-0.0), longs(5.0));
    assertBounds(doubles(repeats, -5.0, -0.0), longs(-5.0), longs(0.0));
    assertBounds(floats(repeats, 0f, -0f), ints(Integer.MIN_VALUE), ints(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void aNanLeavesNoBounds(int repeats) throws IOException {
    double negativeNan = Double.longBitsToDouble(0xfff8_0000_0000_0001L);
    assertNoBounds(doubles(repeats, 1.0, Double.NaN, 2.0), 0);
    assertNoBounds(doubles(repeats, negativeNan, 1.0), 0);
    assertNoBounds(floats(repeats, 1f, Float.NaN), 0);
    assertNoBounds(floats(repeats, Float.intBitsToFloat(0xffc0_0001), 1f), 0);
  }

  @Test
  void columnsWithoutValuesHaveANullCountOnly() throws IOException {
    for (ColumnSchema column : RandomColumns.schema()) {
      assertNoBounds(of(column, 1, null, null, null), 3);
      assertNoBounds(of(column, 1), 0);
    }
  }

  @Test
  void typesOfAnotherOrderHaveNoBounds() throws IOException {
    byte[] amount = new byte[ColumnSchema.DECIMAL_BYTES];
    assertNoBounds(of(ColumnSchema.decimal("n", 38, 9), 1, amount, null), 1);
    assertNoBounds(
        of(
            new ColumnSchema(
                RandomColumns.leaf("x", Type.FIXED_LEN_BYTE_ARRAY).element().setType_length(2)),
            1,
            new byte[2]),
        0);
    for (ConvertedType unsigned :
        new ConvertedType[] {
          ConvertedType.UINT_8, ConvertedType.UINT_16, ConvertedType.UINT_32, ConvertedType.UINT_64
        }) {
      assertNoBounds(of(converted(Type.INT32, unsigned), 1, 1, -1), 0);
    }

    SchemaElement logical = RandomColumns.leaf("u", Type.INT64).element();
    logical.setLogicalType(LogicalType.INTEGER(new IntType((byte) 64, false)));
    assertNoBounds(of(new ColumnSchema(logical), 1, 1L, -1L), 0);
    logical.setLogicalType(LogicalType.INTEGER(new IntType((byte) 64, true)));
    assertBounds(of(new ColumnSchema(logical), 1, 1L, -1L), longBytes(-1), longBytes(1));
    assertNoBounds(of(converted(Type.BYTE_ARRAY, ConvertedType.DECIMAL), 1, new byte[1]), 0);
  }

  @Test
  void textIsKnownByEitherOfItsTypes() throws IOException {
    SchemaElement logical = RandomColumns.leaf("s", Type.BYTE_ARRAY).element();
    logical.setLogicalType(LogicalType.STRING(new StringType()));

    assertBounds(of(new ColumnSchema(logical), 1, text("a")), text("a"), text("a"));
    assertBounds(
        of(converted(Type.BYTE_ARRAY, ConvertedType.UTF8), 1, text("a")), text("a"), text("a"));
  }

  @Test
  void longTextLeavesNoBounds() throws IOException {
    byte[] longest = text("x".repeat(64));
    assertBounds(of(TEXT, 1, longest), longest, longest);
    assertNoBounds(of(TEXT, 1, text("a"), text("x".repeat(65))), 0);
  }

  private static ColumnSchema converted(Type type, ConvertedType converted) {
    return new ColumnSchema(
        new SchemaElement("c")
            .setType(type)
            .setRepetition_type(FieldRepetitionType.OPTIONAL)
            .setConverted_type(converted)
            .setPrecision(9));
  }

  private static void assertBounds(Statistics statistics, byte[] min, byte[] max) {
    assertThat(statistics.getMin_value()).isEqualTo(min);
    assertThat(statistics.getMax_value()).isEqualTo(max);
    assertThat(statistics.isIs_min_value_exact()).isTrue();
    assertThat(statistics.isIs_max_value_exact()).isTrue();
    assertThat(statistics.isSetMin() || statistics.isSetMax()).isFalse();
  }

  private static void assertNoBounds(Statistics statistics, long nulls) {
    assertThat(statistics).isEqualTo(new Statistics().setNull_count(nulls));
  }

  private static Statistics doubles(int repeats, Double... values) throws IOException {
    return of(
        DOUBLE,
        repeats,
        Arrays.stream(values)
            .map(value -> value == null ? null : (Object) Double.doubleToRawLongBits(value))
            .toArray());
  }

  private static Statistics floats(int repeats, Float... values) throws IOException {
    return of(
        FLOAT,
        repeats,
        Arrays.stream(values)
            .map(value -> value == null ? null : (Object) Float.floatToRawIntBits(value))
            .toArray());
  }

  private static Statistics of(ColumnSchema column, int repeats, Object... values)
      throws IOException {
    ColumnVector vector =
        RandomColumns.vector(column, values.length * repeats, row -> values[row % values.length]);
    return new ChunkEncoder(CompressionCodec.UNCOMPRESSED)
        .encode(column, vector)
        .metadata()
        .getStatistics();
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] longs(double value) {
    return longBytes(Double.doubleToRawLongBits(value));
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] ints(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
