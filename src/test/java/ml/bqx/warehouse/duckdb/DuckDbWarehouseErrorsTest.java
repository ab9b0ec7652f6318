package ml.bqx.warehouse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.failure.InvalidInputException;
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
        .hasMessage("Cannot open the warehouse: no such file (%s)", directory);
    assertThat(none).doesNotExist();
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
