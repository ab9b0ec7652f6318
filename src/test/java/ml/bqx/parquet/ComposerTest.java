package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import ml.bqx.parquet.Composer.Part;
import ml.bqx.parquet.Composer.PartColumn;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files one behind the other, with one new footer. */
class ComposerTest {
  private static final Random RANDOM = new Random(13);

  @TempDir Path directory;

  /** All types, every name with the prefix. */
  private static TestTable table(String prefix, int... rowGroupRows) {
    List<ColumnSchema> columns =
        RandomColumns.schema().stream().map(c -> c.renamed(prefix + c.name())).toList();
    List<List<ColumnVector>> rowGroups = new ArrayList<>();
    for (int rows : rowGroupRows) {
      rowGroups.add(
          RandomColumns.schema().stream()
              .map(c -> RandomColumns.vector(c, rows, rows / 3 + 1, 0.2, RANDOM))
              .toList());
    }

    return new TestTable(columns, rowGroups);
  }

  /** Concatenates files as they are, up to their footers, and collects what composers need. */
  private static final class Concatenated {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Part> parts = new ArrayList<>();

    Concatenated add(byte[] file) throws IOException {
      ParquetFooter footer = TestTable.open(file).footer();
      // Of all but the first, the magic is left out.
      int from = parts.isEmpty() ? 0 : ParquetFooter.BODY_START;
      parts.add(new Part(footer, bytes.size() - from));
      bytes.write(file, from, (int) footer.bodyEnd() - from);
      return this;
    }

    byte[] with(byte[] tail) {
      bytes.writeBytes(tail);
      return bytes.toByteArray();
    }
  }

  @Test
  void rowsAppend() throws IOException, SQLException {
    TestTable first = table("", 200, 100);
    TestTable second = table("", 1);
    TestTable third = table("", 300, 20);
    Concatenated files = new Concatenated();
    files.add(first.write(CompressionCodec.SNAPPY));
    files.add(second.write(CompressionCodec.ZSTD));
    files.add(third.write(CompressionCodec.UNCOMPRESSED));

    byte[] file = files.with(endToEnd(files.parts, Map.of("k", "v")));

    List<List<ColumnVector>> rowGroups = new ArrayList<>(first.rowGroups());
    rowGroups.addAll(second.rowGroups());
    rowGroups.addAll(third.rowGroups());
    assertReadsAs(file, new TestTable(first.columns(), rowGroups));
    ParquetFooter footer = TestTable.open(file).footer();
    assertThat(footer.rows()).isEqualTo(621);
    assertThat(footer.metadata().getRow_groups())
        .extracting(group -> group.getNum_rows())
        .containsExactly(200L, 100L, 1L, 300L, 20L);
    assertThat(footer.metadata().getRow_groups())
        .extracting(group -> (int) group.getOrdinal())
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(footer.keyValues()).isEqualTo(Map.of("k", "v"));
    for (int column = 0; column < footer.columns().size(); column++) {
      assertThat(footer.chunk(3, column).metadata().getStatistics())
          .isEqualTo(files.parts.get(2).footer().chunk(0, column).metadata().getStatistics());
    }
  }

  @Test
  void columnsJoin() throws IOException, SQLException {
    TestTable left = table("l_", 150, 150, 7);
    TestTable right = table("r_", 150, 150, 7);
    Concatenated files = new Concatenated();
    files.add(left.write(CompressionCodec.SNAPPY)).add(right.write(CompressionCodec.ZSTD));
    List<PartColumn> columns = new ArrayList<>();
    List<ColumnSchema> schema = new ArrayList<>();
    List<List<ColumnVector>> rowGroups =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = left.columns().size() - 1; i >= 0; i--) {
      // Some columns of each, in another order and under other names.
      int part = i % 2;
      TestTable source = part == 0 ? left : right;
      schema.add(source.columns().get(i).renamed("c" + i));
      columns.add(new PartColumn(schema.get(schema.size() - 1), part, i));
      for (int group = 0; group < 3; group++) {
        rowGroups.get(group).add(source.rowGroups().get(group).get(i));
      }
    }

    byte[] file = files.with(Composer.sideBySide(files.parts, columns, Map.of()));

    assertReadsAs(file, new TestTable(schema, rowGroups));
  }

  @Test
  void appendedFilesJoin() throws IOException, SQLException {
    TestTable left = table("l_", 90, 30);
    TestTable upper = table("r_", 90);
    TestTable lower = table("r_", 30);
    Concatenated files = new Concatenated();
    files.add(left.write(CompressionCodec.SNAPPY));
    files.add(upper.write(CompressionCodec.SNAPPY)).add(lower.write(CompressionCodec.SNAPPY));

    ParquetFooter right = Composer.appended(files.parts.subList(1, 3));
    List<PartColumn> columns =
        List.of(
            new PartColumn(left.columns().get(6), 0, 6),
            new PartColumn(right.columns().get(6), 1, 6));
    byte[] file =
        files.with(
            Composer.sideBySide(
                List.of(files.parts.get(0), new Part(right, 0)), columns, Map.of()));

    assertReadsAs(
        file,
        new TestTable(
            List.of(left.columns().get(6), right.columns().get(6)),
            List.of(
                List.of(left.rowGroups().get(0).get(6), upper.rowGroups().get(0).get(6)),
                List.of(left.rowGroups().get(1).get(6), lower.rowGroups().get(0).get(6)))));
  }

  @Test
  void otherColumnsAreNotAppended() throws IOException {
    ColumnSchema a = ColumnSchema.float64("a");
    List<Part> parts = List.of(part("one", a), part("two", ColumnSchema.int64("a")));
    assertThatThrownBy(() -> endToEnd(parts, Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot append two: its columns are not those of one"
                + " (column 0 is a INT64 OPTIONAL, not a DOUBLE OPTIONAL)");
    List<Part> more = List.of(part("one", a), part("two", a, ColumnSchema.bool("b")));
    assertThatThrownBy(() -> endToEnd(more, Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageEndingWith("(column 1 is b BOOLEAN OPTIONAL, not missing)");
    List<Part> required = List.of(part("one", a), part("two", a.asRequired()));
    assertThatThrownBy(() -> Composer.appended(required))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageEndingWith("(column 0 is a DOUBLE REQUIRED, not a DOUBLE OPTIONAL)");
  }

  @Test
  void otherRowGroupsDoNotJoin() throws IOException {
    Part first = new Part(named("one", table("", 10, 5)), 0);
    Part other = new Part(named("two", table("", 10, 6)), 0);
    Part fewer = new Part(named("three", table("", 10)), 0);

    assertThatThrownBy(() -> Composer.sideBySide(List.of(first, other), List.of(), Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot join two: its row groups are not those of one"
                + " (6 rows in row group 1, not 5)");
    assertThatThrownBy(() -> Composer.sideBySide(List.of(first, fewer), List.of(), Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageEndingWith("(0 rows in row group 1, not 5)");
  }

  @Test
  void aColumnKeepsItsTypeAndItsNulls() throws IOException {
    ColumnSchema a = ColumnSchema.float64("a");
    List<Part> parts = List.of(part("one", a));

    assertThatThrownBy(
            () ->
                Composer.sideBySide(parts, List.of(new PartColumn(a.asRequired(), 0, 0)), Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage("Cannot join one: column a is DOUBLE OPTIONAL, it must be DOUBLE REQUIRED");
    assertThatThrownBy(
            () ->
                Composer.sideBySide(
                    parts, List.of(new PartColumn(ColumnSchema.int64("a"), 0, 0)), Map.of()))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage("Cannot join one: column a is DOUBLE OPTIONAL, it must be INT64 OPTIONAL");
  }

  @Test
  void pageIndexesAndBloomFiltersAreLeftBehind() throws IOException, SQLException {
    TestTable table = table("", 2_000);
    byte[] foreign =
        ParquetJava.write(
            table,
            writer ->
                writer
                    .withBloomFilterEnabled(true)
                    .withDictionaryEncoding(false)
                    .withPageRowCountLimit(300));
    ColumnChunk before =
        TestTable.open(foreign).footer().metadata().getRow_groups().get(0).getColumns().get(4);
    assertThat(before.isSetColumn_index_offset()).isTrue();
    assertThat(before.isSetOffset_index_offset()).isTrue();
    assertThat(before.getMeta_data().isSetBloom_filter_offset()).isTrue();
    TestTable ours = table("", 50);
    Concatenated files = new Concatenated();
    files.add(withSchemaOf(foreign, ours)).add(foreign);

    byte[] file = files.with(endToEnd(files.parts, Map.of()));

    ParquetFooter footer = TestTable.open(file).footer();
    for (int column = 0; column < footer.columns().size(); column++) {
      ColumnChunk chunk = footer.metadata().getRow_groups().get(1).getColumns().get(column);
      assertThat(chunk.isSetColumn_index_offset() || chunk.isSetColumn_index_length()).isFalse();
      assertThat(chunk.isSetOffset_index_offset() || chunk.isSetOffset_index_length()).isFalse();
      ColumnMetaData moved = chunk.getMeta_data();
      assertThat(moved.isSetBloom_filter_offset() || moved.isSetBloom_filter_length()).isFalse();
      ColumnMetaData original = files.parts.get(1).footer().chunk(0, column).metadata();
      assertThat(moved.getStatistics()).isEqualTo(original.getStatistics());
      assertThat(moved.getEncoding_stats()).isEqualTo(original.getEncoding_stats());
    }

    List<List<Object>> expected = TestTable.readAll(foreign);
    List<List<Object>> read = TestTable.readAll(file);
    List<List<Object>> byParquetJava = ParquetJava.readAll(file);
    for (int column = 0; column < footer.columns().size(); column++) {
      assertThat(read.get(column).subList(50, 2_050)).isEqualTo(expected.get(column));
      assertThat(byParquetJava.get(column)).isEqualTo(read.get(column));
    }

    Path path = directory.resolve("composed.parquet");
    Files.write(path, file);
    try (DuckDb duckDb = new DuckDb()) {
      Object count =
          read.get(4).get(1_000) == null ? read.get(4).get(1_001) : read.get(4).get(1_000);
      assertThat(
              duckDb.query("SELECT count(*) > 0 FROM '%s' WHERE count = %s".formatted(path, count)))
          .containsExactly(List.of("true"));
    }
  }

  @Test
  void boundsOfUnknownOrderAreLeftBehind() throws IOException {
    ParquetFooter footer = named("old", table("", 20));
    FileMetaData unordered = footer.metadata().deepCopy();
    unordered.unsetColumn_orders();
    ParquetFooter old =
        ParquetFooter.of("old", unordered, footer.bodyEnd(), footer.fileBytes(), Optional.empty());

    ParquetFooter appended = Composer.appended(List.of(new Part(old, 0), new Part(footer, 0)));

    Statistics untrusted = appended.chunk(0, 4).metadata().getStatistics();
    assertThat(untrusted.isSetMin_value() || untrusted.isSetMax_value()).isFalse();
    assertThat(untrusted.isSetNull_count()).isTrue();
    assertThat(appended.chunk(1, 4).metadata().getStatistics().isSetMin_value()).isTrue();
    assertThat(footer.chunk(0, 4).metadata().getStatistics().isSetMin_value()).isTrue();
  }

  /** Our file under the schema of another one, as parts must have one schema. */
  private static byte[] withSchemaOf(byte[] foreign, TestTable table) throws IOException {
    return new TestTable(TestTable.open(foreign).footer().columns(), table.rowGroups())
        .write(CompressionCodec.SNAPPY);
  }

  private static Part part(String name, ColumnSchema... columns) throws IOException {
    List<ColumnVector> vectors =
        Arrays.stream(columns)
            .map(column -> RandomColumns.vector(column, 10, 10, 0, RANDOM))
            .toList();
    return new Part(named(name, new TestTable(List.of(columns), List.of(vectors))), 0);
  }

  private static ParquetFooter named(String name, TestTable table) throws IOException {
    byte[] file = table.write(CompressionCodec.SNAPPY);
    try (ParquetFile opened =
        ParquetFile.of(new ParquetInput(name, new MemoryChannel(file)), Optional.empty())) {
      return opened.footer();
    }
  }

  private void assertReadsAs(byte[] file, TestTable expected) throws IOException, SQLException {
    Path path = directory.resolve("composed.parquet");
    Files.write(path, file);
    List<List<Object>> ours = TestTable.readAll(file);
    List<List<Object>> byParquetJava = ParquetJava.readAll(file);
    try (DuckDb duckDb = new DuckDb()) {
      List<List<Object>> byDuckDb = duckDb.readAll(path, expected.columns());
      for (int i = 0; i < expected.columns().size(); i++) {
        List<Object> values = expected.values(i);
        assertThat(ours.get(i)).as(expected.columns().get(i).name()).isEqualTo(values);
        assertThat(byParquetJava.get(i)).isEqualTo(values);
        assertThat(byDuckDb.get(i)).isEqualTo(values);
      }
    }
  }

  /** With the columns in the order of the parts. */
  private static byte[] endToEnd(List<Part> parts, Map<String, String> keyValues)
      throws IOException {
    int columns = parts.get(0).footer().columns().size();
    List<Integer> order = IntStream.range(0, columns).boxed().toList();
    return Composer.tiled(List.of(parts), order, keyValues);
  }
}
