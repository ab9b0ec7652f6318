package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other tools write, our reader reads, value by value. */
class ForeignFilesTest {
  private static DuckDb duckDb;
  private static TestTable table;

  @TempDir static Path directory;

  @BeforeAll
  static void open() throws SQLException, IOException {
    duckDb = new DuckDb();
    table = everything(9_000);
    Files.write(directory.resolve("source.parquet"), table.write(CompressionCodec.UNCOMPRESSED));
    duckDb.execute(
        "CREATE TABLE source AS SELECT * FROM '%s'".formatted(directory.resolve("source.parquet")));
  }

  @AfterAll
  static void close() throws SQLException {
    duckDb.close();
  }

  /** Every type: nulls and many values, nulls and few values, only nulls, no nulls. */
  private static TestTable everything(int rows) {
    Random random = new Random(11);
    List<ColumnSchema> columns = new ArrayList<>();
    List<ColumnVector> vectors = new ArrayList<>();
    for (ColumnSchema column : RandomColumns.schema()) {
      columns.add(column);
      vectors.add(RandomColumns.vector(column, rows, rows, 0.3, random));
      columns.add(column.renamed(column.name() + "_few"));
      vectors.add(RandomColumns.vector(column, rows, 9, 0.1, random));
      columns.add(column.renamed(column.name() + "_none"));
      vectors.add(RandomColumns.vector(column, rows, 1, 1, random));
      columns.add(column.renamed(column.name() + "_all").asRequired());
      vectors.add(RandomColumns.vector(column, rows, rows, 0, random));
    }

    return new TestTable(columns, List.of(vectors));
  }

  @ParameterizedTest
  @CsvSource({
    "uncompressed, v1, 122880",
    "snappy, v1, 2048",
    "zstd, v1, 4096",
    "gzip, v1, 122880",
    "lz4_raw, v1, 2048",
    "uncompressed, v2, 2048",
    "snappy, v2, 122880",
    "zstd, v2, 2048",
    "gzip, v2, 4096",
    "lz4_raw, v2, 122880"
  })
  void filesOfDuckDb(String codec, String version, int rowGroupRows)
      throws IOException, SQLException {
    Path file = directory.resolve("duckdb.parquet");
    duckDb.execute(
        "COPY source TO '%s' (FORMAT parquet, CODEC '%s', PARQUET_VERSION '%s', ROW_GROUP_SIZE %d)"
            .formatted(file, codec, version, rowGroupRows));

    byte[] written = Files.readAllBytes(file);

    assertReadsAs(written, table);
    Set<Encoding> encodings = encodings(written);
    assertThat(encodings).contains(Encoding.PLAIN);
    if (version.equals("v2")) {
      assertThat(encodings)
          .contains(
              Encoding.RLE_DICTIONARY,
              Encoding.DELTA_BINARY_PACKED,
              Encoding.DELTA_LENGTH_BYTE_ARRAY,
              Encoding.BYTE_STREAM_SPLIT);
    }
  }

  @Test
  void typesThatOnlyDuckDbWrites() throws IOException, SQLException {
    for (String version : List.of("v1", "v2")) {
      Path file = directory.resolve("types.parquet");
      duckDb.execute(
          """
          COPY (
            SELECT (i / 100 - 20)::DECIMAL(9, 2) AS small, (i * 7 - 9)::DECIMAL(18, 3) AS large,
              (i %% 200)::UTINYINT AS tiny, (i * i)::UBIGINT AS big, (i - 50)::SMALLINT AS short,
              make_timestamp(i * 1000003) AS local, make_timestamp_ns(i * 1000003) AS nanos
            FROM range(5000) t(i)
          ) TO '%s' (FORMAT parquet, PARQUET_VERSION '%s')
          """
              .formatted(file, version));

      List<List<Object>> read = TestTable.readAll(Files.readAllBytes(file));

      long[] rows = LongStream.range(0, 5000).toArray();
      for (int row = 0; row < rows.length; row++) {
        long i = rows[row];
        assertThat(read.get(1).get(row)).isEqualTo((i * 7 - 9) * 1000);
        assertThat(read.get(2).get(row)).isEqualTo((int) (i % 200));
        assertThat(read.get(3).get(row)).isEqualTo(i * i);
        assertThat(read.get(4).get(row)).isEqualTo((int) (i - 50));
        assertThat(read.get(5).get(row)).isEqualTo(i * 1000003);
        assertThat(read.get(6).get(row)).isEqualTo(i * 1000003);
      }

      assertThat(TestTable.open(Files.readAllBytes(file)).footer().columns())
          .extracting(ColumnSchema::typeName)
          .startsWith("INT32 DECIMAL(9, 2)", "INT64 DECIMAL(18, 3)", "INT32 UINT_8")
          .endsWith("INT64 TIMESTAMP_MICROS", "INT64 TIMESTAMP_NANOS");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, UNCOMPRESSED, true, 1048576, 20000",
    "PARQUET_1_0, SNAPPY, true, 1024, 100",
    "PARQUET_1_0, GZIP, false, 1048576, 20000",
    "PARQUET_1_0, ZSTD, false, 4096, 1000",
    "PARQUET_1_0, LZ4_RAW, false, 512, 50",
    "PARQUET_2_0, UNCOMPRESSED, true, 1048576, 20000",
    "PARQUET_2_0, SNAPPY, true, 1024, 100",
    "PARQUET_2_0, GZIP, false, 4096, 1000",
    "PARQUET_2_0, ZSTD, false, 512, 50",
    "PARQUET_2_0, SNAPPY, false, 1048576, 20000"
  })
  void filesOfParquetJava(
      WriterVersion version,
      CompressionCodecName codec,
      boolean dictionary,
      int pageBytes,
      int pageRows)
      throws IOException {
    byte[] written =
        ParquetJava.write(
            table,
            writer ->
                writer
                    .withWriterVersion(version)
                    .withCompressionCodec(codec)
                    .withDictionaryEncoding(dictionary)
                    .withPageSize(pageBytes)
                    .withPageRowCountLimit(pageRows)
                    .withRowGroupSize(400_000L)
                    .withPageWriteChecksumEnabled(true));

    assertReadsAs(written, withOneNan(table));
    assertThat(TestTable.open(written).footer().rowGroups()).isGreaterThan(1);
    if (version == WriterVersion.PARQUET_2_0 && !dictionary) {
      assertThat(encodings(written))
          .contains(Encoding.RLE, Encoding.DELTA_BINARY_PACKED, Encoding.DELTA_BYTE_ARRAY);
    }
  }

  @ParameterizedTest
  @CsvSource({"PARQUET_1_0", "PARQUET_2_0"})
  void byteStreamsOfParquetJava(WriterVersion version) throws IOException {
    byte[] written =
        ParquetJava.write(
            table,
            writer ->
                writer
                    .withWriterVersion(version)
                    .withDictionaryEncoding(false)
                    .withByteStreamSplitEncoding(true)
                    .withPageRowCountLimit(700));

    assertReadsAs(written, withOneNan(table));
    assertThat(encodings(written)).contains(Encoding.BYTE_STREAM_SPLIT);
  }

  private static void assertReadsAs(byte[] file, TestTable expected) throws IOException {
    List<List<Object>> read = TestTable.readAll(file);
    for (int i = 0; i < expected.columns().size(); i++) {
      assertThat(read.get(i)).as(expected.columns().get(i).name()).isEqualTo(expected.values(i));
    }
  }

  /** parquet-java writes one NaN for all of them. */
  private static TestTable withOneNan(TestTable table) {
    List<ColumnVector> vectors = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnSchema column = table.columns().get(i);
      List<Object> values = table.values(i);
      vectors.add(
          RandomColumns.vector(column, values.size(), row -> withOneNan(column, values.get(row))));
    }

    return new TestTable(table.columns(), List.of(vectors));
  }

  private static Object withOneNan(ColumnSchema column, Object value) {
    if (value == null) {
      return null;
    }

    return switch (column.physical()) {
      case FLOAT -> Float.floatToIntBits(Float.intBitsToFloat((Integer) value));
      case DOUBLE -> Double.doubleToLongBits(Double.longBitsToDouble((Long) value));
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> HexFormat.of().parseHex((String) value);
      default -> value;
    };
  }

  private static Set<Encoding> encodings(byte[] file) throws IOException {
    ParquetFooter footer = TestTable.open(file).footer();
    Set<Encoding> encodings = new HashSet<>();
    for (int column = 0; column < footer.columns().size(); column++) {
      encodings.addAll(footer.chunk(0, column).metadata().getEncodings());
    }

    return encodings;
  }
}
