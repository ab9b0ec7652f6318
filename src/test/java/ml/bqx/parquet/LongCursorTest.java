package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;

/** What is read forward is what decoding all, and gathering rows of it, gives. */
class LongCursorTest {
  private static final int MORE_THAN_TWO_PAGES = 40_001;

  @Provide
  static Arbitrary<ColumnSchema> column() {
    return Arbitraries.of(ColumnSchema.float64("feature"), ColumnSchema.int64("count"));
  }

  @Property(tries = 300)
  void chunksOfBlocksAreThoseOfGatheredRows(
      @ForAll("column") ColumnSchema column,
      @ForAll @IntRange(min = 1, max = 4) int rowGroups,
      @ForAll @IntRange(max = 500) int mostRows,
      @ForAll @IntRange(max = 4) int quartersNull,
      @ForAll @IntRange(min = 1, max = 300) int blockRows,
      @ForAll Random random)
      throws IOException {
    List<ColumnVector> groups = new ArrayList<>();
    for (int group = 0; group < rowGroups; group++) {
      int rows = mostRows == 0 ? 0 : random.nextInt(mostRows);
      int distinct = random.nextBoolean() ? 1 + random.nextInt(20) : 1_000;
      groups.add(RandomColumns.vector(column, rows, distinct, quartersNull / 4.0, random));
    }

    checkBlocks(column, groups, blockRows, random);
  }

  @Test
  void severalPagesAreReadOn() throws IOException {
    Random random = new Random(7);
    for (int distinct : new int[] {3, 5_000, Integer.MAX_VALUE}) {
      ColumnSchema column = ColumnSchema.float64("feature");
      ColumnVector rows = RandomColumns.vector(column, MORE_THAN_TWO_PAGES, distinct, 0.2, random);

      checkBlocks(column, List.of(rows, rows), 16_384, random);
    }
  }

  private static void checkBlocks(
      ColumnSchema column, List<ColumnVector> groups, int blockRows, Random random)
      throws IOException {
    try (ParquetFile file = TestTable.open(write(column, groups, random))) {
      int[] index = ascending(VectorConcatenation.of(groups).size(), random);
      ColumnVector all = file.reader().read(file.footer(), 0);
      LongCursor cursor = new LongCursor(AscendingRows.of(index).orElseThrow());
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      ChunkEncoder smallest = ChunkEncoder.smallest();
      cursor.begin(chunks(file));
      for (int from = 0; from < index.length; from += blockRows) {
        int to = Math.min(index.length, from + blockRows);
        ColumnVector gathered = RowGather.gather(all, index, from, to);

        LongBlock block = cursor.read(from, to);

        assertSame(
            encoder.encode(column, block),
            new ChunkEncoder(CompressionCodec.SNAPPY).encode(column, gathered));
        assertSame(
            smallest.encode(column, block), ChunkEncoder.smallest().encode(column, gathered));
      }

      cursor.end();
    }
  }

  /** Row groups in different encodings, as far as the type and the values have them. */
  private static byte[] write(ColumnSchema column, List<ColumnVector> groups, Random random)
      throws IOException {
    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, List.of(column))) {
      for (ColumnVector rows : groups) {
        int group = file.addRowGroup(rows.size());
        EncodedChunk chunk =
            switch (random.nextInt(4)) {
              case 0 -> ChunkEncoder.smallest().encode(column, rows);
              case 1 -> new ChunkEncoder(CompressionCodec.UNCOMPRESSED).encode(column, rows);
              case 2 ->
                  column.name().equals("count")
                      ? new ChunkEncoder(CompressionCodec.SNAPPY).encodeDeltas(column, (Longs) rows)
                      : new ChunkEncoder(CompressionCodec.SNAPPY).encode(column, rows);
              default -> new ChunkEncoder(CompressionCodec.SNAPPY).encode(column, rows);
            };
        file.append(group, 0, chunk);
      }

      file.finish(Map.of());
    }

    return channel.content();
  }

  /** Some rows of the table in their order, and some that it does not have. */
  private static int[] ascending(int rows, Random random) {
    int[] index = new int[2 * rows + 10];
    int size = 0;
    int missing = random.nextInt(3) * random.nextInt(50);
    int left = random.nextInt(3) * random.nextInt(50);
    for (int row = 0; row < rows; row++) {
      while (random.nextInt(100) < missing && size < index.length - rows) {
        index[size++] = RowGather.NO_ROW;
      }

      if (random.nextInt(100) >= left) {
        index[size++] = row;
      }
    }

    return Arrays.copyOf(index, size);
  }

  private static List<LongCursor.Chunk> chunks(ParquetFile file) {
    ChunkReader reader = file.reader();
    List<LongCursor.Chunk> chunks = new ArrayList<>();
    for (int group = 0; group < file.footer().rowGroups(); group++) {
      chunks.add(
          new LongCursor.Chunk(
              reader, file.footer().chunk(group, 0), file.footer().columns().get(0)));
    }

    return chunks;
  }

  private static void assertSame(EncodedChunk actual, EncodedChunk expected) {
    assertThat(actual.metadata()).isEqualTo(expected.metadata());
    assertThat(Arrays.copyOf(actual.bytes(), actual.length()))
        .isEqualTo(Arrays.copyOf(expected.bytes(), expected.length()));
  }

  @Test
  void rowsInAnotherOrderOrTwiceCannotBeReadForward() {
    assertThat(AscendingRows.of(3, 5, 4)).isEmpty();
    assertThat(AscendingRows.of(3, -1, 3)).isEmpty();
    assertThat(AscendingRows.of()).isPresent();
    assertThat(AscendingRows.of(-1, -1)).isPresent();
  }

  @Test
  void aPageBehindTheLastRowThatIsTakenMustNotBeBroken() throws IOException {
    ColumnSchema column = ColumnSchema.float64("feature");
    ColumnVector rows = RandomColumns.vector(column, 100, 1_000, 0, new Random(3));
    byte[] bytes = write(column, List.of(rows, rows), new Random(1));
    long end;
    try (ParquetFile file = TestTable.open(bytes)) {
      end = file.footer().chunk(1, 0).end();
    }

    bytes[(int) end - 1] ^= 1;
    try (ParquetFile file = TestTable.open(bytes)) {
      LongCursor cursor = new LongCursor(AscendingRows.of(0, 1, 2).orElseThrow());
      cursor.begin(chunks(file));
      cursor.read(0, 3);

      assertThatThrownBy(cursor::end)
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageContaining("column feature in row group 1: page checksum is ");
    }
  }

  @Test
  void pagesThatLieAreRefused() throws IOException {
    ColumnSchema required = RandomColumns.leaf("c", Type.INT64).asRequired();
    int many = Integer.MAX_VALUE - 8;
    assertBroken(
        CraftedFile.of(required, many).data(many, Encoding.PLAIN, 1, 2, 3), "bytes are needed");
    assertBroken(
        CraftedFile.of(required, 1).data(1, Encoding.RLE_DICTIONARY, 1, 2, 0),
        "a dictionary page is missing");
    assertBroken(
        CraftedFile.of(required, 1)
            .dictionary(1, 7, 0, 0, 0, 0, 0, 0, 0)
            .data(1, Encoding.RLE_DICTIONARY, 1, 2, 1),
        "dictionary index 1 with 1 entries");
    assertBroken(
        CraftedFile.of(RandomColumns.leaf("c", Type.INT64), 1).data(1, Encoding.PLAIN, 3, 0),
        "4 bytes are needed where the page has 2 left");
  }

  private static void assertBroken(CraftedFile crafted, String why) throws IOException {
    try (ParquetFile file = TestTable.open(crafted.bytes())) {
      LongCursor cursor = new LongCursor(AscendingRows.of(0).orElseThrow());
      cursor.begin(chunks(file));

      assertThatThrownBy(() -> cursor.read(0, 1))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageStartingWith("Cannot read memory.parquet: column c in row group 0: ")
          .hasMessageContaining(why);
    }
  }
}
