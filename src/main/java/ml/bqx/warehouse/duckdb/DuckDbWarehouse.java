package ml.bqx.warehouse.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.WarehouseReader;
import org.duckdb.DuckDBConnection;

/**
 * The embedded warehouse: a DuckDB file with the datasets as schemas, opened read-only. DuckDB
 * locks such a file against writers, so what discovery found stays as it is.
 */
public final class DuckDbWarehouse implements Warehouse {
  /** Holds the blocks that a few readers of wide tables scan at a time; more would cache only. */
  private static final String MEMORY = "1GB";

  /** Each reader's own thread does its scan; with more, two readers take as long as one alone. */
  private static final int THREADS = 1;

  private static final String DISCOVERY =
      """
      SELECT table_name, column_name, data_type
      FROM information_schema.columns
      WHERE table_catalog = current_database() AND table_schema = ?
      ORDER BY table_name, ordinal_position
      """;

  private final Path file;
  private final DuckDBConnection connection;
  private final Instant lastModified;

  private DuckDbWarehouse(Path file, DuckDBConnection connection, Instant lastModified) {
    this.file = file;
    this.connection = connection;
    this.lastModified = lastModified;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidInputException when it is not there or not a DuckDB file
   */
  public static DuckDbWarehouse open(Path file) {
    DuckDBConnection connection = DuckDb.openReadOnly(file, THREADS, MEMORY);
    try {
      return new DuckDbWarehouse(file, connection, Files.getLastModifiedTime(file).toInstant());
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot open the warehouse: its modification time is unknown (%s)".formatted(file), e);
    }
  }

  /** All tables of a schema; each was last modified when the file was. */
  @Override
  public List<Table> tables(String dataset) {
    Map<String, List<Column>> columns = new TreeMap<>();
    try (DuckDBConnection mine = connection.duplicate();
        PreparedStatement statement = mine.prepareStatement(DISCOVERY)) {
      statement.setString(1, dataset);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String type = rows.getString(3);
          columns
              .computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
              .add(new Column(rows.getString(2), type, DuckDbTypes.of(type)));
        }
      }
    } catch (SQLException e) {
      throw new InvalidInputException(
          "Cannot list the tables of %s: %s".formatted(dataset, DuckDb.reason(e)), e);
    }

    return columns.entrySet().stream()
        .map(entry -> new Table(dataset, entry.getKey(), entry.getValue(), lastModified))
        .toList();
  }

  /**
   * Reads the rows of a table whose key lies in the range, and counts those whose key is null.
   *
   * @param columns what to read besides the key; each has a known type
   * @return the rows in the order of the table
   * @throws InvalidInputException when the table cannot be read as described
   */
  public ColumnBatch read(Table table, List<Column> columns, TimeRange range) {
    try (DuckDBConnection mine = connection.duplicate()) {
      return new DuckDbTableReader(mine, table, columns, range).read();
    } catch (SQLException e) {
      throw new InvalidInputException(
          "Cannot read table %s: %s".formatted(table.qualifiedName(), DuckDb.reason(e)), e);
    }
  }

  /** All that there is to know stands in the catalog: each table is as new as the file. */
  @Override
  public List<DiscoveredTable> describe(Catalog catalog) {
    return catalog.all().stream()
        .map(group -> new DiscoveredTable(group, false, DiscoveredTable.UNKNOWN_ROWS))
        .toList();
  }

  @Override
  public WarehouseReader reader() {
    return new DuckDbReader(file.toString());
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "Cannot close the warehouse: %s".formatted(DuckDb.reason(e)), e);
    }
  }
}
