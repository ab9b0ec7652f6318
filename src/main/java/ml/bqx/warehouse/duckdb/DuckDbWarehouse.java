package ml.bqx.warehouse.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
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
      SELECT table_name, column_name, data_type, table_type = 'VIEW'
      FROM information_schema.columns
      JOIN information_schema.tables USING (table_catalog, table_schema, table_name)
      WHERE table_catalog = current_database() AND table_schema = ?
      ORDER BY table_name, ordinal_position
      """;

  private static final String SCHEMAS =
      """
      SELECT DISTINCT table_schema FROM information_schema.tables
      WHERE table_catalog = current_database() ORDER BY ALL
      """;

  /** Enough schemas to see where the tables are. */
  private static final int SHOWN_SCHEMAS = 5;

  private final Path file;
  private final DuckDBConnection connection;
  private final FileRevision revision;

  private DuckDbWarehouse(Path file, DuckDBConnection connection, FileRevision revision) {
    this.file = file;
    this.connection = connection;
    this.revision = revision;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidInputException when it is not there or cannot be read
   */
  public static DuckDbWarehouse open(Path file) {
    DuckDBConnection connection = DuckDb.openReadOnly(file, THREADS, MEMORY);
    try {
      return new DuckDbWarehouse(file, connection, FileRevision.of(file));
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot open the warehouse: its modification time is unknown (%s)".formatted(file), e);
    }
  }

  /**
   * Opens a file again.
   *
   * @throws InvalidInputException also when somebody wrote to it since it was in that state
   */
  static DuckDbWarehouse open(Path file, FileRevision expected) {
    DuckDbWarehouse warehouse = open(file);
    if (!warehouse.revision.equals(expected)) {
      warehouse.close();
      throw new InvalidInputException(
          "Cannot read the warehouse: it was written to after this run began; run again (%s)"
              .formatted(file));
    }

    return warehouse;
  }

  /**
   * All tables of a schema. Each was last modified when the file was, but for views, which may read
   * other files too: they count as new in every run.
   *
   * @throws InvalidInputException when there is no such schema, or nothing in it
   */
  @Override
  public List<Table> tables(String dataset) {
    Map<String, List<Column>> columns = new TreeMap<>();
    Set<String> views = new HashSet<>();
    try (DuckDBConnection mine = connection.duplicate();
        PreparedStatement statement = mine.prepareStatement(DISCOVERY)) {
      statement.setString(1, dataset);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getBoolean(4)) {
            views.add(rows.getString(1));
          }

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

    if (columns.isEmpty()) {
      throw noTables(dataset);
    }

    Instant now = Instant.now();
    return columns.entrySet().stream()
        .map(
            entry ->
                views.contains(entry.getKey())
                    ? new Table(dataset, entry.getKey(), entry.getValue(), now)
                    : new Table(
                        dataset,
                        entry.getKey(),
                        entry.getValue(),
                        revision.lastModified(),
                        revision.log()))
        .toList();
  }

  private InvalidInputException noTables(String dataset) {
    List<String> schemas = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SCHEMAS)) {
      while (rows.next()) {
        schemas.add(rows.getString(1));
      }
    } catch (SQLException e) {
      return new InvalidInputException(
          "Cannot list the schemas: %s (%s)".formatted(DuckDb.reason(e), file), e);
    }

    return new InvalidInputException(
        "Cannot find tables in schema %s: %s; name the schemas of features and targets with --featuresDataset and --analyticsDataset (%s)"
            .formatted(
                dataset,
                schemas.isEmpty()
                    ? "the warehouse is empty"
                    : "there are some in " + Listing.inWords(schemas, SHOWN_SCHEMAS),
                file));
  }

  @Override
  public boolean isNumber(String type) {
    return DuckDbTypes.isNumber(type);
  }

  /**
   * Reads the rows of a table whose key is in the range, and counts those whose key is null.
   *
   * @param columns what to read besides the key; each has a known type
   * @return the rows in the order of the table
   * @throws InvalidInputException when the table cannot be read as described
   */
  public ColumnBatch read(Table table, List<Column> columns, TimeRange range) {
    return read(table, columns, range, new ReadRoom());
  }

  /**
   * The same.
   *
   * @param room what the columns are read into: the batch is valid until it is used again
   */
  ColumnBatch read(Table table, List<Column> columns, TimeRange range, ReadRoom room) {
    try (DuckDBConnection mine = connection.duplicate()) {
      return new DuckDbTableReader(mine, table, columns, range).read(room);
    } catch (SQLException e) {
      throw new InvalidInputException(
          "Cannot read table %s: %s".formatted(table.qualifiedName(), DuckDb.reason(e)), e);
    }
  }

  /** Everything is in the catalog: each table is as new as the file. */
  @Override
  public List<DiscoveredTable> describe(Catalog catalog) {
    return catalog.all().stream().map(DiscoveredTable::of).toList();
  }

  /** What reads the tables in the workers of a pipeline. */
  public WarehouseReader reader() {
    return new DuckDbReader(file.toString(), revision);
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
