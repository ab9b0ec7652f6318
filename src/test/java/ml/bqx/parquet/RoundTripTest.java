package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our writer writes, our reader reads. */
class RoundTripTest {
  private static final int MORE_THAN_TWO_PAGES = 40_001;

  static List<ColumnSchema> columns() {
    return RandomColumns.schema();
  }

  @Provide
  static Arbitrary<ColumnSchema> column() {
    return Arbitraries.of(columns());
  }

  @Provide
  static Arbitrary<CompressionCodec> codec() {
    return Arbitraries.of(
        CompressionCodec.UNCOMPRESSED, CompressionCodec.SNAPPY, CompressionCodec.ZSTD);
  }

  @Property(tries = 300)
  void anyColumnSurvives(
      @ForAll("column") ColumnSchema column,
      @ForAll("codec") CompressionCodec codec,
      @ForAll @IntRange(max = 700) int rows,
      @ForAll @IntRange(min = 1, max = 700) int distinct,
      @ForAll @IntRange(max = 4) int quartersNull,
      @ForAll Random random)
      throws IOException {
    ColumnVector vector = RandomColumns.vector(column, rows, distinct, quartersNull / 4.0, random);
    ColumnSchema stored =
        vector.nullCount() == 0 && random.nextBoolean() ? column.asRequired() : column;

    assertSame(TestTable.read(TestTable.of(stored, vector).write(codec), 0), vector);
    byte[] smallest = TestTable.of(stored, vector).write(ChunkEncoder.smallest());
    assertSame(TestTable.read(smallest, 0), vector);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void severalPagesAndRowGroupsSurvive(ColumnSchema column) throws IOException {
    Random random = new Random(5);
    List<List<ColumnVector>> rowGroups = new ArrayList<>();
    for (int distinct : new int[] {3, 5_000, Integer.MAX_VALUE}) {
      rowGroups.add(
          List.of(RandomColumns.vector(column, MORE_THAN_TWO_PAGES, distinct, 0.2, random)));
    }

    TestTable table = new TestTable(List.of(column), rowGroups);

    assertThat(TestTable.values(TestTable.read(table.write(CompressionCodec.SNAPPY), 0)))
        .isEqualTo(table.values(0));
  }

  @ParameterizedTest
  @MethodSource("columns")
  void noRowsOneRowAndNoValuesSurvive(ColumnSchema column) throws IOException {
    for (int rows : new int[] {0, 1, 20_000, 20_001}) {
      ColumnVector vector = RandomColumns.vector(column, rows, row -> null);
      byte[] file = TestTable.of(column, vector).write(CompressionCodec.SNAPPY);

      assertSame(TestTable.read(file, 0), vector);
      assertThat(TestTable.open(file).footer().nullCount(0)).isEqualTo(rows);
    }

    ColumnVector one = RandomColumns.vector(column, 1, 1, 0, new Random(1));
    assertSame(TestTable.read(TestTable.of(column, one).write(CompressionCodec.ZSTD), 0), one);
  }

  @Test
  void everyBitOfDoublesSurvives() throws IOException {
    ColumnSchema column = ColumnSchema.float64("feature");
    long[] bits = {
      Double.doubleToRawLongBits(-0.0),
      0,
      1,
      Long.MIN_VALUE | 1,
      Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
      Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
      0x7ff0_0000_0000_0001L,
      0x7ff8_0000_0000_0000L,
      0xffff_ffff_ffff_ffffL,
      0xfff0_1234_5678_9abcL
    };
    for (int repeats : new int[] {1, 100}) {
      // Once PLAIN, once with a dictionary, which must keep the zeros and the NaNs apart.
      long[] values = new long[bits.length * repeats];
      Arrays.setAll(values, i -> bits[i % bits.length]);
      byte[] file = TestTable.of(column, new Longs(values, null)).write(CompressionCodec.SNAPPY);

      assertThat(((Longs) TestTable.read(file, 0)).values()).isEqualTo(values);
    }
  }

  @Test
  void emptyAndLongTextsSurvive() throws IOException {
    ColumnSchema column = ColumnSchema.string("label");
    byte[] endless = new byte[300_000];
    new Random(1).nextBytes(endless);
    byte[][] texts = {{}, endless, {}, {'x'}, Arrays.copyOf(endless, 65_536)};
    ColumnVector vector =
        RandomColumns.vector(column, 30, row -> row % 7 == 6 ? null : texts[row % texts.length]);

    for (CompressionCodec codec : List.of(CompressionCodec.SNAPPY, CompressionCodec.ZSTD)) {
      assertSame(TestTable.read(TestTable.of(column, vector).write(codec), 0), vector);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 129, 16_384, MORE_THAN_TWO_PAGES})
  void deltasSurvive(int rows) throws IOException {
    ColumnSchema column = ColumnSchema.timestampMicros("moment");
    Random random = new Random(rows);
    long[] extremes = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, Long.MIN_VALUE + 1, 1L << 40};
    List<ColumnVector> vectors =
        List.of(
            RandomColumns.vector(column, rows, row -> 1_700_000_000_000_000L + row * 60_000_000L),
            RandomColumns.vector(column, rows, row -> random.nextLong()),
            RandomColumns.vector(column, rows, row -> random.nextLong() >> random.nextInt(64)),
            RandomColumns.vector(column, rows, row -> extremes[random.nextInt(extremes.length)]),
            RandomColumns.vector(column, rows, row -> row % 3 == 0 ? null : -row * 7L),
            RandomColumns.vector(column, rows, row -> null));
    for (ColumnVector vector : vectors) {
      byte[] file = deltas(vector.nullCount() == 0 ? column.asRequired() : column, vector);

      assertSame(TestTable.read(file, 0), vector);
    }
  }

  @Test
  void evenlySpacedTimestampsCostNextToNothing() throws IOException {
    ColumnSchema column = ColumnSchema.timestampMicros("moment").asRequired();
    ColumnVector minutes =
        RandomColumns.vector(column, 16_384, row -> 1_700_000_000_000_000L + row * 60_000_000L);

    ColumnMetaData data = TestTable.open(deltas(column, minutes)).footer().chunk(0, 0).metadata();

    assertThat(data.getEncodings()).containsExactly(Encoding.DELTA_BINARY_PACKED, Encoding.RLE);
    assertThat(data.getTotal_compressed_size()).isLessThan(1_300);
  }

  @Test
  void aDictionaryIsWrittenWhereItPaysAndTheFooterSaysWhere() throws IOException {
    ColumnSchema column = ColumnSchema.float64("feature");
    Random random = new Random(1);
    byte[] few =
        TestTable.of(column, RandomColumns.vector(column, 1_000, 20, 0.1, random))
            .write(CompressionCodec.SNAPPY);
    byte[] many =
        TestTable.of(column, RandomColumns.vector(column, 1_000, 1_000_000, 0.1, random))
            .write(CompressionCodec.SNAPPY);

    ColumnMetaData dictionary = TestTable.open(few).footer().chunk(0, 0).metadata();
    assertThat(dictionary.getEncodings())
        .containsExactly(Encoding.PLAIN, Encoding.RLE, Encoding.RLE_DICTIONARY);
    assertThat(dictionary.getDictionary_page_offset()).isEqualTo(4);
    assertThat(dictionary.getData_page_offset()).isGreaterThan(4);

    ColumnMetaData plain = TestTable.open(many).footer().chunk(0, 0).metadata();
    assertThat(plain.getEncodings()).containsExactly(Encoding.PLAIN, Encoding.RLE);
    assertThat(plain.isSetDictionary_page_offset()).isFalse();
    assertThat(plain.getData_page_offset()).isEqualTo(4);
  }

  private static byte[] deltas(ColumnSchema column, ColumnVector vector) throws IOException {
    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, List.of(column))) {
      file.addRowGroup(vector.size());
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      file.append(0, 0, encoder.encodeDeltas(column, (Longs) vector));
      file.finish(Map.of());
    }

    return channel.content();
  }

  /** The same values, and the promises of {@link ColumnVector}: zero bits where rows are null. */
  private static void assertSame(ColumnVector actual, ColumnVector expected) {
    assertThat(TestTable.values(actual)).isEqualTo(TestTable.values(expected));
    assertThat(actual.nullCount()).isEqualTo(expected.nullCount());
    assertThat(actual.valid() == null).isEqualTo(expected.nullCount() == 0);
    for (int row = 0; row < actual.size(); row++) {
      if (actual.isNull(row)) {
        assertThat(slot(actual, row)).isEqualTo(0L);
      }
    }
  }

  private static long slot(ColumnVector vector, int row) {
    if (vector instanceof Longs longs) {
      return longs.values()[row];
    } else if (vector instanceof Ints ints) {
      return ints.values()[row];
    } else if (vector instanceof Booleans booleans) {
      return booleans.values()[row] ? 1 : 0;
    }

    return ((Binaries) vector).length(row);
  }
}
