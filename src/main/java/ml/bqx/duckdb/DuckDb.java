package ml.bqx.duckdb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import ml.bqx.failure.InvalidInputException;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** Connections to DuckDB, and how names and messages are written in its SQL. */
public final class DuckDb {
  /** The driver's prefix of a message when a query fails at its start. */
  private static final String WRAPPED = "closed pending query result\nError: ";

  /** What a query makes before its rows are fetched: the processor's cache still has them then. */
  private static final String STREAMED = "1MB";

  private DuckDb() {}

  /**
   * Opens a file for reading.
   *
   * @param threads how many threads work for all connections, besides those that fetch results
   * @param memory what DuckDB may use, as it spells sizes: a cache that fills, not a reservation
   * @throws InvalidInputException when it is not there, not a DuckDB file, of a newer version, or
   *     open for writing elsewhere
   */
  public static DuckDBConnection openReadOnly(Path file, int threads, String memory) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          "Cannot open the warehouse: %s (%s)"
              .formatted(
                  Files.isDirectory(file)
                      ? "it is a directory, where a DuckDB file is expected"
                      : "no such file",
                  file));
    }

    Properties properties = new Properties();
    properties.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
    try {
      DuckDBConnection connection = open(file, properties);
      execute(connection, "SET threads = " + threads);
      execute(connection, "SET memory_limit = " + literal(memory));
      execute(connection, "SET streaming_buffer_size = " + literal(STREAMED));
      return connection;
    } catch (SQLException e) {
      throw new InvalidInputException(
          "Cannot open the warehouse: %s (%s)".formatted(OpenFailure.inWords(e), file), e);
    }
  }

  /** Opens a file for writing; it is made when it does not exist, for DuckDB 1.0 and newer. */
  public static DuckDBConnection openWritable(Path file) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("storage_compatibility_version", "v1.0.0");
    return open(file, properties);
  }

  /** Opens a new database in memory. */
  public static DuckDBConnection openInMemory() throws SQLException {
    return connect("jdbc:duckdb:", new Properties());
  }

  private static DuckDBConnection open(Path file, Properties properties) throws SQLException {
    return connect("jdbc:duckdb:" + file.toAbsolutePath(), properties);
  }

  /**
   * Not by the JVM's manager of drivers, which knows those of one class loader: a JVM that runs
   * several jobs has one for each.
   */
  private static DuckDBConnection connect(String url, Properties properties) throws SQLException {
    return new DuckDBDriver().connect(url, properties).unwrap(DuckDBConnection.class);
  }

  public static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The only value of a query's only row. */
  public static long number(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** An identifier in SQL, whatever characters it has. */
  public static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A table in SQL. */
  public static String quoted(String schema, String table) {
    return quoted(schema) + "." + quoted(table);
  }

  /** A string literal in SQL. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * The line of DuckDB's message with the reason; the others quote SQL that the user did not write.
   */
  public static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int wrapped = message.indexOf(WRAPPED);
    return message
        .substring(wrapped < 0 ? 0 : wrapped + WRAPPED.length())
        .strip()
        .lines()
        .findFirst()
        .orElse("");
  }
}
