package ml.bqx.warehouse.duckdb;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbWarehouseErrorsTest {
  @TempDir Path directory;

  @Test
  void whatIsNoWarehouseCannotBeOpened() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "interval_time,close\n".repeat(1_000));
    Path none = directory.resolve("none");

    assertThatThrownBy(() -> DuckDbWarehouse.open(none))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot open the warehouse: no such file (%s)", none);
    assertThatThrownBy(() -> DuckDbWarehouse.open(text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot open the warehouse: ")
        .hasMessageContaining("not a valid DuckDB database file")
        .hasMessageEndingWith("(" + text + ")");
    assertThatThrownBy(() -> DuckDbWarehouse.open(directory))
        .hasMessage(
            "Cannot open the warehouse: it is a directory, where a DuckDB file is expected (%s)",
            directory);
    assertThat(none).doesNotExist();
  }

  /** Its format's version is 8 bytes at offset 12; the first 8 bytes are a checksum. */
  @Test
  void aFileOfANewerVersionIsNamedWithTheWayToWriteForThisOne() throws Exception {
    Path file = warehouse("CREATE TABLE f.t AS SELECT TIMESTAMP '2024-01-01' interval_time, 1 x");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(12, 99).array());
    Matcher checksum =
        Pattern.compile("computed checksum (\\d+)")
            .matcher(catchThrowable(() -> DuckDbWarehouse.open(file)).getMessage());
    assertThat(checksum.find()).isTrue();
    Files.write(file, bytes.putLong(0, Long.parseUnsignedLong(checksum.group(1))).array());

    assertThatThrownBy(() -> DuckDbWarehouse.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            Pattern.quote(
                    "Cannot open the warehouse: a newer DuckDB wrote it, in storage format 99; DuckDB ")
                + "(v\\d+\\.\\d+\\.\\d+), which is part of bqx-ml, reads up to \\d+: copy it with the"
                + " newer one, ATTACH 'copy.duckdb' AS copy \\(STORAGE_VERSION '\\1'\\), then COPY"
                + " FROM DATABASE \\("
                + Pattern.quote(file + ")"));
  }

  @Test
  void aFileThatIsWrittenToDuringARunIsNotReadOn() throws Exception {
    Path file = warehouse("CREATE TABLE f.t AS SELECT TIMESTAMP '2024-01-01' interval_time, 1 x");
    WarehouseReader reader;
    DiscoveredTable table;
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      reader = warehouse.reader();
      Table t = warehouse.tables("f").get(0);
      FeatureGroup group = new FeatureGroup("t", Category.MARKET, t, List.of());
      table = DiscoveredTable.of(group);
    }

    Files.setLastModifiedTime(file, FileTime.fromMillis(5));

    PipelineOptions options = PipelineOptionsFactory.create();
    assertThatThrownBy(() -> reader.open(table, List.of(), TimeRange.ALL, options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read the warehouse: it was written to after this run began; run again (%s)",
            file);
  }

  @Test
  void aSchemaWithoutTablesIsNamedWithThoseThatHaveSome() throws Exception {
    Path file = warehouse("CREATE SCHEMA g", "CREATE TABLE g.t (x INTEGER)");
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      assertThatThrownBy(() -> warehouse.tables("f"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot find tables in schema f: there are some in g; name the schemas of features"
                  + " and targets with --featuresDataset and --analyticsDataset (%s)",
              file);
    }
  }

  @Test
  void aTableThatChangedSinceDiscoveryIsNamed() throws Exception {
    Path file =
        warehouse("CREATE TABLE f.t AS SELECT TIMESTAMP '2024-01-01' interval_time, 'x' a, 2 b");
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      Column key = new Column("interval_time", "TIMESTAMP", ColumnType.of(Kind.TIMESTAMP));
      Column text = new Column("a", "BIGINT", ColumnType.of(Kind.INT64));
      Column gone = new Column("gone", "DOUBLE", ColumnType.of(Kind.FLOAT64));

      assertUnreadable(
          warehouse,
          new Table("f", "t", List.of(key, text), null),
          "Cannot read column f.t.a: it should be a INT64 (VARCHAR)");
      assertUnreadable(
          warehouse,
          new Table("f", "t", List.of(key, gone), null),
          "Cannot read table f.t: Binder Error: Referenced column \"gone\" not found in FROM"
              + " clause!");
      assertUnreadable(
          warehouse,
          new Table("f", "dropped", List.of(key, gone), null),
          "Cannot read table f.dropped: Catalog Error: Table with name dropped does not exist!");
      assertUnreadable(
          warehouse,
          new Table("f", "t", List.of(gone), null),
          "Cannot read table f.t: it has no key column interval_time");
    }
  }

  @Test
  void infiniteTimesAreNoNulls() throws Exception {
    Path file =
        warehouse(
            "CREATE TABLE f.t AS SELECT TIMESTAMP '2024-01-01' interval_time,"
                + " 'infinity'::DATE d");
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      assertUnreadable(
          warehouse,
          warehouse.tables("f").get(0),
          "Cannot read column f.t.d: it has infinite times (1)");
    }
  }

  /** The driver's stream of chunks ends quietly when the query fails on the way. */
  @Test
  void aStreamThatBreaksOffIsAnError() throws Exception {
    Path file =
        warehouse(
            "CREATE TABLE f.t AS SELECT to_timestamp(i) interval_time, i FROM range(900000) r(i)",
            "CREATE VIEW f.v AS SELECT interval_time,"
                + " CASE WHEN i = 890000 THEN error('unlucky') ELSE i END x FROM f.t");
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      Table view = warehouse.tables("f").get(1);

      assertThatThrownBy(() -> warehouse.read(view, view.columns().subList(1, 2), TimeRange.ALL))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Cannot read table f.v: the read ended after ")
          .hasMessageContaining(" of 900000 rows (")
          .hasMessageContaining("unlucky");
    }
  }

  private static void assertUnreadable(DuckDbWarehouse warehouse, Table table, String message) {
    List<Column> columns =
        table.columns().subList(table.columns().size() - 1, table.columns().size());
    assertThatThrownBy(() -> warehouse.read(table, columns, TimeRange.ALL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }

  private Path warehouse(String... statements) throws SQLException {
    return DuckDbFiles.make(directory.resolve("warehouse.duckdb"), statements);
  }
}
