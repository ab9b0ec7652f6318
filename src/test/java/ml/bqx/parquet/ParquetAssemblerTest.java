package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;

class ParquetAssemblerTest {
  private static final ColumnSchema A = ColumnSchema.float64("a");
  private static final ColumnSchema B = ColumnSchema.int64("b");

  private final MemoryChannel channel = new MemoryChannel();
  private final ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);

  @Test
  void chunksMayComeInAnyOrder() throws IOException {
    Random random = new Random(2);
    List<ColumnSchema> columns = RandomColumns.schema();
    List<List<ColumnVector>> rowGroups = new ArrayList<>();
    for (int rows : new int[] {300, 1, 70}) {
      rowGroups.add(
          columns.stream().map(c -> RandomColumns.vector(c, rows, 40, 0.2, random)).toList());
    }

    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < rowGroups.size() * columns.size(); i++) {
      places.add(new int[] {i / columns.size(), i % columns.size()});
    }

    Collections.shuffle(places, random);
    try (ParquetAssembler file = new ParquetAssembler(channel, columns)) {
      for (List<ColumnVector> vectors : rowGroups) {
        file.addRowGroup(vectors.get(0).size());
      }

      for (int[] place : places) {
        ColumnVector vector = rowGroups.get(place[0]).get(place[1]);
        file.append(place[0], place[1], encoder.encode(columns.get(place[1]), vector));
      }

      assertThat(file.finish(Map.of("a", "1"))).isEqualTo(channel.size());
    }

    TestTable table = new TestTable(columns, rowGroups);
    List<List<Object>> ours = TestTable.readAll(channel.content());
    List<List<Object>> theirs = ParquetJava.readAll(channel.content());
    for (int i = 0; i < columns.size(); i++) {
      assertThat(ours.get(i)).isEqualTo(table.values(i));
      assertThat(theirs.get(i)).isEqualTo(table.values(i));
    }

    assertThat(channel.isOpen()).isFalse();
    assertThat(TestTable.open(channel.content()).footer().keyValues()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void rawChunksOfOtherFilesAreCopiedByteForByte() throws IOException {
    ColumnVector vector = RandomColumns.vector(A, 500, 20, 0.2, new Random(1));
    byte[] source = TestTable.of(A, vector).write(CompressionCodec.ZSTD);
    ParquetFile opened = TestTable.open(source);
    StoredChunks raw = opened.reader().raw(List.of(opened.footer().chunk(0, 0)));
    try (ParquetAssembler file = new ParquetAssembler(channel, List.of(B, A.renamed("z")))) {
      file.addRowGroup(500);
      file.append(0, 0, encoder.encode(B, new Longs(new long[500], null)));
      file.append(0, 1, raw);
      file.finish(Map.of());
    }

    ParquetFooter footer = TestTable.open(channel.content()).footer();
    ChunkReference copy = footer.chunk(0, 1);
    ChunkReference original = opened.footer().chunk(0, 0);
    assertThat(Arrays.copyOfRange(channel.content(), (int) copy.start(), end(copy)))
        .isEqualTo(Arrays.copyOfRange(source, (int) original.start(), end(original)));
    assertThat(copy.metadata().getStatistics()).isEqualTo(original.metadata().getStatistics());
    assertThat(copy.metadata().isSetDictionary_page_offset()).isTrue();
    assertThat(copy.metadata().getPath_in_schema()).containsExactly("z");
    assertThat(TestTable.values(TestTable.read(channel.content(), 1)))
        .isEqualTo(TestTable.values(vector));
  }

  private static int end(ChunkReference chunk) {
    return (int) chunk.start() + chunk.length();
  }

  @Test
  void aFileWithoutRowGroupsIsAFile() throws IOException {
    byte[] file = new TestTable(List.of(A, B), List.of()).write(CompressionCodec.SNAPPY);

    assertThat(TestTable.open(file).footer().columns()).containsExactly(A, B);
    assertThat(TestTable.readAll(file)).containsExactly(List.of(), List.of());
    assertThat(ParquetJava.readAll(file)).containsExactly(List.of(), List.of());
  }

  @Test
  void aMissingChunkIsNamed() throws IOException {
    ParquetAssembler file = assembler(2, 3);
    file.append(0, 0, numbers(2));
    file.append(0, 1, encoder.encode(B, new Longs(new long[2], null)));
    file.append(1, 0, numbers(3));

    assertThatThrownBy(() -> file.finish(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot finish the file: column b has no chunk in row group 1");
  }

  @Test
  void aChunkOfOtherRowsOrPutTwiceIsRefused() throws IOException {
    ParquetAssembler file = assembler(2);

    assertThatThrownBy(() -> file.append(0, 0, numbers(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot put a chunk of 3 rows as a into row group 0: it has 2 rows and lacks that chunk");
    file.append(0, 0, numbers(2));
    assertThatThrownBy(() -> file.append(0, 0, numbers(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot put a chunk of 2 rows as a into row group 0: it has 2 rows and has that chunk");
  }

  @Test
  void aChunkOfAnotherTypeIsRefused() throws IOException {
    ParquetAssembler file = assembler(2);

    assertThatThrownBy(() -> file.append(0, 1, numbers(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot put a chunk of DOUBLE as b into row group 0: the column is INT64");
  }

  @Test
  void aFinishedFileStaysAsItIs() throws IOException {
    ParquetAssembler file = new ParquetAssembler(channel, List.of(A));
    file.addRowGroup(1);
    file.append(0, 0, numbers(1));
    file.finish(Map.of());

    assertThatThrownBy(() -> file.append(0, 0, numbers(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot write to a finished file");
    assertThatThrownBy(() -> file.finish(Map.of())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatNoReaderWouldUnderstandIsNotEncoded() {
    boolean[] gap = {true, false};
    Longs numbers = new Longs(new long[2], gap);
    assertThatThrownBy(() -> encoder.encode(A.asRequired(), numbers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot encode column a: it has 1 nulls, and every row must have a value");
    assertThatThrownBy(() -> encoder.encode(A, new Ints(new int[2], null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot encode column a: it is DOUBLE, its values are Ints");
    assertThatThrownBy(() -> encoder.encodeDeltas(A, numbers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot encode column a as deltas: it is DOUBLE, not INT64");
    ColumnSchema amount = ColumnSchema.decimal("n", 9, 2);
    ColumnVector tooShort = RandomColumns.vector(amount, 1, row -> new byte[15]);
    assertThatThrownBy(() -> encoder.encode(amount, tooShort))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write a value of 15 bytes among ones of 16");
    assertThatThrownBy(() -> new ChunkEncoder(CompressionCodec.GZIP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write codec GZIP: it must be one of [UNCOMPRESSED, SNAPPY, ZSTD]");
    assertThatThrownBy(() -> assembler(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add a row group of -1 rows");
  }

  private ParquetAssembler assembler(int... rowGroupRows) throws IOException {
    ParquetAssembler file = new ParquetAssembler(channel, List.of(A, B));
    for (int rows : rowGroupRows) {
      file.addRowGroup(rows);
    }

    return file;
  }

  private EncodedChunk numbers(int rows) throws IOException {
    return encoder.encode(A, new Longs(new long[rows], null));
  }
}
