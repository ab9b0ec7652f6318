package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our writer writes, other tools read, value by value. */
class OtherReadersTest {
  private static DuckDb duckDb;

  @TempDir Path directory;

  @BeforeAll
  static void open() throws SQLException {
    duckDb = new DuckDb();
  }

  @AfterAll
  static void close() throws SQLException {
    duckDb.close();
  }

  /** Every type, with few and with many distinct values, with nulls and, required, without. */
  private static TestTable everything(int... rowGroupRows) {
    Random random = new Random(7);
    List<ColumnSchema> columns = new ArrayList<>();
    for (ColumnSchema column : RandomColumns.schema()) {
      columns.add(column);
      columns.add(column.renamed(column.name() + "_few"));
      columns.add(column.renamed(column.name() + "_all").asRequired());
    }

    List<List<ColumnVector>> rowGroups = new ArrayList<>();
    for (int rows : rowGroupRows) {
      List<ColumnVector> vectors = new ArrayList<>();
      for (ColumnSchema column : RandomColumns.schema()) {
        vectors.add(RandomColumns.vector(column, rows, rows, 0.3, random));
        vectors.add(RandomColumns.vector(column, rows, 9, rowGroups.isEmpty() ? 1 : 0.1, random));
        vectors.add(RandomColumns.vector(column, rows, rows / 2 + 1, 0, random));
      }

      rowGroups.add(vectors);
    }

    return new TestTable(columns, rowGroups);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD"})
  void parquetJavaReadsAllTypes(CompressionCodec codec) throws IOException {
    TestTable table = everything(1, 1_000, 300);

    List<List<Object>> read = ParquetJava.readAll(table.write(codec));

    for (int i = 0; i < table.columns().size(); i++) {
      assertThat(read.get(i)).as(table.columns().get(i).name()).isEqualTo(table.values(i));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD"})
  void duckDbReadsAllTypes(CompressionCodec codec) throws IOException, SQLException {
    TestTable table = everything(1, 1_000, 300);

    List<List<Object>> read = duckDb.readAll(file(table.write(codec)), table.columns());

    for (int i = 0; i < table.columns().size(); i++) {
      assertThat(read.get(i)).as(table.columns().get(i).name()).isEqualTo(table.values(i));
    }
  }

  @Test
  void bothReadTheSmallestChunks() throws IOException, SQLException {
    List<ColumnSchema> columns = RandomColumns.schema();
    List<ColumnVector> vectors = new ArrayList<>();
    for (ColumnSchema column : columns) {
      boolean split = column.physical() == Type.DOUBLE || column.physical() == Type.FLOAT;
      vectors.add(
          split ? level(column) : RandomColumns.vector(column, 1_000, 100, 0.1, new Random(4)));
    }

    TestTable table = new TestTable(columns, List.of(vectors));
    byte[] file = table.write(ChunkEncoder.smallest());

    try (ParquetFile opened = TestTable.open(file)) {
      assertThat(opened.footer().uses(Encoding.BYTE_STREAM_SPLIT)).isTrue();
    }

    List<List<Object>> byParquetJava = ParquetJava.readAll(file);
    List<List<Object>> byDuckDb = duckDb.readAll(file(file), table.columns());
    for (int i = 0; i < table.columns().size(); i++) {
      assertThat(byParquetJava.get(i)).isEqualTo(table.values(i));
      assertThat(byDuckDb.get(i)).isEqualTo(table.values(i));
    }
  }

  /** Numbers that differ in their last digits only. */
  private static ColumnVector level(ColumnSchema column) {
    Random random = new Random(5);
    return RandomColumns.vector(
        column,
        1_000,
        row -> {
          double value = 1.1 + random.nextDouble() * 1e-3;
          return column.physical() == Type.DOUBLE
              ? (Object) Double.doubleToRawLongBits(value)
              : Float.floatToRawIntBits((float) value);
        });
  }

  @Test
  void bothReadSeveralPagesDeltasAndEveryBitOfADouble() throws IOException, SQLException {
    ColumnSchema at = ColumnSchema.timestampMicros("moment").asRequired();
    ColumnSchema gaps = ColumnSchema.timestampMicros("gaps");
    ColumnSchema feature = ColumnSchema.float64("feature");
    int rows = 45_000;
    Random random = new Random(3);
    List<ColumnVector> vectors =
        List.of(
            RandomColumns.vector(at, rows, row -> 1_700_000_000_000_000L + row * 60_000_000L),
            RandomColumns.vector(gaps, rows, row -> row % 3 == 0 ? null : row * 1_000_003L),
            RandomColumns.vector(feature, rows, rows, 0.1, random));
    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, List.of(at, gaps, feature))) {
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      file.addRowGroup(rows);
      file.append(0, 0, encoder.encodeDeltas(at, (Longs) vectors.get(0)));
      file.append(0, 1, encoder.encodeDeltas(gaps, (Longs) vectors.get(1)));
      file.append(0, 2, encoder.encode(feature, vectors.get(2)));
      file.finish(Map.of());
    }

    TestTable table = new TestTable(List.of(at, gaps, feature), List.of(vectors));
    List<List<Object>> byParquetJava = ParquetJava.readAll(channel.content());
    List<List<Object>> byDuckDb = duckDb.readAll(file(channel.content()), table.columns());
    for (int i = 0; i < 3; i++) {
      assertThat(byParquetJava.get(i)).isEqualTo(table.values(i));
      assertThat(byDuckDb.get(i)).isEqualTo(table.values(i));
    }
  }

  @Test
  void duckDbSeesExactRowGroupsEncodingsAndStatistics() throws IOException, SQLException {
    ColumnSchema feature = ColumnSchema.float64("feature");
    ColumnSchema label = ColumnSchema.string("label");
    ColumnVector numbers =
        RandomColumns.vector(
            feature,
            1_000,
            row -> row % 4 == 0 ? null : Double.doubleToRawLongBits(Math.sin(row + 0.5)));
    ColumnVector labels =
        RandomColumns.vector(label, 1_000, row -> new byte[] {(byte) ('a' + row % 3)});
    ColumnVector last = RandomColumns.vector(feature, 24, row -> null);
    ColumnVector lastLabels = RandomColumns.vector(label, 24, row -> new byte[] {'z'});
    TestTable table =
        new TestTable(
            List.of(feature, label), List.of(List.of(numbers, labels), List.of(last, lastLabels)));

    Path file = file(table.write(CompressionCodec.SNAPPY));

    double[] present =
        table.values(0).stream()
            .filter(Objects::nonNull)
            .mapToDouble(bits -> Double.longBitsToDouble((Long) bits))
            .toArray();
    double min = Arrays.stream(present).min().orElseThrow();
    double max = Arrays.stream(present).max().orElseThrow();
    assertThat(
            duckDb.query(
                """
                SELECT row_group_id, row_group_num_rows, path_in_schema, num_values,
                  stats_null_count, stats_min_value, stats_max_value, encodings, compression,
                  dictionary_page_offset IS NOT NULL, total_compressed_size > 0,
                  total_uncompressed_size > 0
                FROM parquet_metadata('%s') ORDER BY row_group_id, column_id
                """
                    .formatted(file)))
        .containsExactly(
            List.of(
                "0",
                "1000",
                "feature",
                "1000",
                "250",
                Double.toString(min),
                Double.toString(max),
                "PLAIN, RLE",
                "SNAPPY",
                "false",
                "true",
                "true"),
            List.of(
                "0",
                "1000",
                "label",
                "1000",
                "0",
                "a",
                "c",
                "PLAIN, RLE, RLE_DICTIONARY",
                "SNAPPY",
                "true",
                "true",
                "true"),
            Arrays.asList(
                "1",
                "24",
                "feature",
                "24",
                "24",
                null,
                null,
                "PLAIN, RLE",
                "SNAPPY",
                "false",
                "true",
                "true"),
            List.of(
                "1",
                "24",
                "label",
                "24",
                "0",
                "z",
                "z",
                "PLAIN, RLE, RLE_DICTIONARY",
                "SNAPPY",
                "true",
                "true",
                "true"));
    assertThat(
            duckDb.query(
                "SELECT num_rows, num_row_groups FROM parquet_file_metadata('%s')".formatted(file)))
        .containsExactly(List.of("1024", "2"));
    // Filters that prune by statistics still find what is there.
    assertThat(duckDb.query("SELECT count(*) FROM '%s' WHERE feature >= %s".formatted(file, max)))
        .containsExactly(List.of("1"));
    assertThat(duckDb.query("SELECT count(*) FROM '%s' WHERE label = 'z'".formatted(file)))
        .containsExactly(List.of("24"));
  }

  @Test
  void parquetJavaTrustsOurStatistics() throws IOException {
    TestTable table = everything(500);

    ParquetMetadata footer = ParquetJava.footer(table.write(CompressionCodec.ZSTD));

    BlockMetaData rowGroup = footer.getBlocks().get(0);
    assertThat(rowGroup.getRowCount()).isEqualTo(500);
    for (int i = 0; i < table.columns().size(); i++) {
      Statistics<?> statistics = rowGroup.getColumns().get(i).getStatistics();
      assertThat(statistics.getNumNulls())
          .isEqualTo(table.values(i).stream().filter(Objects::isNull).count());
    }

    int at = table.columns().indexOf(ColumnSchema.timestampMicros("moment"));
    LongStatistics times = (LongStatistics) rowGroup.getColumns().get(at).getStatistics();
    List<Object> values = table.values(at).stream().filter(Objects::nonNull).sorted().toList();
    assertThat(times.getMin()).isEqualTo(values.get(0));
    assertThat(times.getMax()).isEqualTo(values.get(values.size() - 1));
    assertThat(footer.getFileMetaData().getKeyValueMetaData()).containsEntry("key", "value");
    assertThat(footer.getFileMetaData().getCreatedBy()).startsWith("bqx-ml version");
  }

  private Path file(byte[] content) throws IOException {
    Path file = directory.resolve("file.parquet");
    Files.write(file, content);
    return file;
  }
}
