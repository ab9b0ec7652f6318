package ml.bqx.warehouse.duckdb;

import static java.time.temporal.ChronoUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RowGather;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbWarehouseTest {
  private static final long MINUTE = 60_000_000L;

  @TempDir Path directory;

  @Test
  void discoveryGivesTablesAndColumnsInOrderWithTheirTypes() throws Exception {
    Path file =
        warehouse(
            "CREATE TABLE f.b_table (interval_time TIMESTAMP, z FLOAT, y UINTEGER, x DECIMAL(9,4))",
            "CREATE TABLE f.a_table (interval_time TIMESTAMPTZ, u UBIGINT, h HUGEINT, l DOUBLE[],"
                + " s STRUCT(a INTEGER), n TIMESTAMP_NS, t TIME)",
            "CREATE VIEW f.c_view AS SELECT interval_time, z FROM f.b_table",
            "CREATE SCHEMA g",
            "CREATE TABLE g.other (interval_time TIMESTAMP)");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-05-06T07:08:09Z")));

    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      List<Table> tables = warehouse.tables("f");

      assertThat(tables)
          .extracting(Table::qualifiedName)
          .containsExactly("f.a_table", "f.b_table", "f.c_view");
      assertThat(tables.subList(0, 2))
          .extracting(Table::lastModified)
          .containsOnly(Instant.parse("2024-05-06T07:08:09Z"));
      assertThat(tables.get(2).lastModified()).isCloseTo(Instant.now(), within(1, HOURS));
      assertThat(tables.get(1).columns())
          .containsExactly(
              new Column("interval_time", "TIMESTAMP", ColumnType.of(Kind.TIMESTAMP)),
              new Column("z", "FLOAT", ColumnType.of(Kind.FLOAT64)),
              new Column("y", "UINTEGER", ColumnType.of(Kind.INT64)),
              new Column("x", "DECIMAL(9,4)", ColumnType.numeric(9, 4)));
      assertThat(tables.get(0).columns())
          .extracting(Column::sourceType)
          .containsExactly(
              "TIMESTAMP WITH TIME ZONE",
              "UBIGINT",
              "HUGEINT",
              "DOUBLE[]",
              "STRUCT(a INTEGER)",
              "TIMESTAMP_NS",
              "TIME");
      assertThat(tables.get(0).columns().stream().filter(column -> column.type() != null))
          .extracting(Column::name)
          .containsExactly("interval_time", "n");
    }
  }

  /** The number of its storage format is at offset 12: 64 since DuckDB 0.10, 69 since 2.0. */
  @Test
  void whatIsMadeHereCanBeReadByOlderVersions() throws Exception {
    Path file = warehouse("CREATE TABLE f.t (x INTEGER)");

    assertThat(Files.readAllBytes(file)[12]).isEqualTo((byte) 64);
  }

  @Test
  void everyTypeIsReadWithItsNullsAndEdges() throws Exception {
    ColumnBatch batch =
        readAll(
            """
            CREATE TABLE f.t AS SELECT * FROM (VALUES
              (TIMESTAMP '2024-01-01 00:00:00', 1.5::DOUBLE, -0.0::FLOAT, (-128)::TINYINT,
               9223372036854775807::BIGINT, true, 'grün', '\\xAA\\x00'::BLOB, -1.25::DECIMAL(9,2),
               DATE '1969-12-31', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'),
              (TIMESTAMP '1969-12-31 23:59:00', 'nan', 'inf', 127, -9223372036854775808, false, '',
               ''::BLOB, 9999999.99, DATE '2024-02-29', TIMESTAMPTZ '2024-01-01 01:00:00+01'),
              (TIMESTAMP '1900-01-01 00:00:00.000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL))
            v(interval_time, d, f, i, b, ok, s, bytes, n, day, seen)""");

    assertThat(batch.timestamps())
        .containsExactly(1_704_067_200_000_000L, -MINUTE, -2_208_988_799_999_999L);
    assertThat(batch.rowsWithoutTimestamp()).isZero();
    assertThat(longs(batch, 0))
        .containsExactly(
            Double.doubleToRawLongBits(1.5), Double.doubleToRawLongBits(Double.NaN), 0);
    assertThat(longs(batch, 1))
        .containsExactly(
            Double.doubleToRawLongBits(-0.0),
            Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
            0);
    assertThat(longs(batch, 2)).containsExactly(-128, 127, 0);
    assertThat(longs(batch, 3)).containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 0);
    assertThat(((ColumnVector.Booleans) batch.columns().get(4)).values())
        .containsExactly(true, false, false);
    assertThat(bytes(batch, 5, 0)).asString(StandardCharsets.UTF_8).isEqualTo("grün");
    assertThat(bytes(batch, 5, 1)).isEmpty();
    assertThat(bytes(batch, 6, 0)).containsExactly(0xAA, 0);
    assertThat(bytes(batch, 7, 0)).hasSize(16).startsWith(0xFF, 0xFF).endsWith(0xFF, 0x83); // -125
    assertThat(bytes(batch, 7, 1)).endsWith(0, 0x3B, 0x9A, 0xC9, 0xFF); // 999,999,999
    assertThat(((ColumnVector.Ints) batch.columns().get(8)).values())
        .containsExactly(-1, 19_782, 0);
    assertThat(longs(batch, 9)).containsExactly(-1, 1_704_067_200_000_000L, 0);
    assertThat(batch.columns())
        .allSatisfy(
            column -> {
              assertThat(column.nullCount()).isEqualTo(1);
              assertThat(column.isNull(2)).isTrue();
            });
  }

  @Test
  void wideDecimalsKeepAllTheirDigits() throws Exception {
    ColumnBatch batch =
        readAll(
            """
            CREATE TABLE f.t AS SELECT TIMESTAMP '2024-01-01' interval_time,
              -99999999999999999999999999999999999999::DECIMAL(38,0) n""");

    assertThat(new BigInteger(bytes(batch, 0, 0))).isEqualTo(new BigInteger("-" + "9".repeat(38)));
  }

  @Test
  void rowsKeepTheOrderOfTheTable() throws Exception {
    ColumnBatch batch =
        readAll(
            "CREATE TABLE f.t AS SELECT to_timestamp(hash(i) % 1000000) interval_time, i"
                + " FROM range(300000) r(i)");

    assertThat(batch.rows()).isEqualTo(300_000);
    assertThat(Arrays.equals(longs(batch, 0), LongStream.range(0, 300_000).toArray())).isTrue();
  }

  @Test
  void theRangeIsHalfOpenAndNullKeysAreOnlyCounted() throws Exception {
    for (String type : List.of("TIMESTAMP", "TIMESTAMPTZ")) {
      Path file =
          warehouse(
              ("CREATE TABLE f.t AS SELECT CASE WHEN i %% 10 <> 9"
                      + " THEN make_timestamp(i * 60000000)::%s END interval_time, i"
                      + " FROM range(100) r(i)")
                  .formatted(type));
      try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
        Table table = warehouse.tables("f").get(0);

        ColumnBatch batch =
            warehouse.read(
                table, table.columns().subList(1, 2), new TimeRange(20 * MINUTE, 31 * MINUTE));

        assertThat(longs(batch, 0)).containsExactly(20, 21, 22, 23, 24, 25, 26, 27, 28, 30);
        assertThat(batch.timestamps()).startsWith(20 * MINUTE).endsWith(30 * MINUTE);
        assertThat(batch.rowsWithoutTimestamp()).isEqualTo(10);
        assertThat(warehouse.read(table, List.of(), new TimeRange(0, 0)).rows()).isZero();
        assertThat(warehouse.read(table, List.of(), TimeRange.ALL).rows()).isEqualTo(90);
      }

      Files.delete(file);
    }
  }

  @Test
  void manyThreadsReadAtOnce() throws Exception {
    Path file =
        warehouse(
            "CREATE TABLE f.t AS SELECT to_timestamp(i) interval_time, hash(i)::DOUBLE d,"
                + " i::VARCHAR s FROM range(50000) r(i)");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      Table table = warehouse.tables("f").get(0);
      List<Column> columns = table.columns().subList(1, 3);
      ColumnBatch alone = warehouse.read(table, columns, TimeRange.ALL);

      List<Future<ColumnBatch>> reads = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        reads.add(threads.submit(() -> warehouse.read(table, columns, TimeRange.ALL)));
      }

      for (Future<ColumnBatch> read : reads) {
        assertThat(Arrays.equals(read.get().timestamps(), alone.timestamps())).isTrue();
        assertThat(Arrays.equals(longs(read.get(), 0), longs(alone, 0))).isTrue();
        assertThat(Arrays.equals(text(read.get(), 1), text(alone, 1))).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void tablesOfAnySizeAreReadIntoTheSameRoom() throws Exception {
    int[] rows = {5_000, 3_000, 0, 7_000, 4_000};
    String[] tables = new String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      String kept = "CASE WHEN i %% %d > 0 THEN ".formatted(i + 1);
      tables[i] =
          ("CREATE TABLE f.t%d AS SELECT to_timestamp(i) interval_time, %2$s hash(i)::DOUBLE END d,"
                  + " %2$s i::VARCHAR END s, %2$s i %% 3 = 0 END b, %2$s DATE '2024-01-01' END e,"
                  + " hash(i)::DOUBLE + %1$d f FROM range(%3$d) r(i)")
              .formatted(i, kept, rows[i]);
    }

    ReadRoom room = new ReadRoom();
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(warehouse(tables))) {
      for (Table table : warehouse.tables("f")) {
        List<Column> columns = table.columns().subList(1, table.columns().size());

        ColumnBatch batch = warehouse.read(table, columns, TimeRange.ALL, room);

        ColumnBatch alone = warehouse.read(table, columns, TimeRange.ALL);
        int[] all = IntStream.range(0, alone.rows()).toArray();
        assertThat(batch.timestamps()).isEqualTo(alone.timestamps());
        for (int i = 0; i < columns.size(); i++) {
          assertThat(RowGather.gather(batch.columns().get(i), all, 0, all.length))
              .usingRecursiveComparison()
              .isEqualTo(RowGather.gather(alone.columns().get(i), all, 0, all.length));
        }
      }
    }
  }

  private ColumnBatch readAll(String createTable) throws SQLException, IOException {
    Path file = warehouse(createTable);
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      Table table = warehouse.tables("f").get(0);
      return warehouse.read(
          table, table.columns().subList(1, table.columns().size()), TimeRange.ALL);
    }
  }

  private Path warehouse(String... statements) throws SQLException {
    return DuckDbFiles.make(directory.resolve("warehouse.duckdb"), statements);
  }

  private static long[] longs(ColumnBatch batch, int column) {
    return ((ColumnVector.Longs) batch.columns().get(column)).values();
  }

  private static byte[] bytes(ColumnBatch batch, int column, int row) {
    ColumnVector.Binaries vector = (ColumnVector.Binaries) batch.columns().get(column);
    return Arrays.copyOfRange(vector.bytes(), vector.offsets()[row], vector.offsets()[row + 1]);
  }

  private static byte[] text(ColumnBatch batch, int column) {
    return ((ColumnVector.Binaries) batch.columns().get(column)).bytes();
  }
}
