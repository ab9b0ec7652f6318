package ml.bqx.warehouse.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import ml.bqx.duckdb.DuckDb;
import org.duckdb.DuckDBConnection;

/** Makes small warehouses for tests. */
final class DuckDbFiles {
  private DuckDbFiles() {}

  /** Makes a file with an empty schema {@code f}, and then executes the statements. */
  static Path make(Path file, String... statements) throws SQLException {
    try (DuckDBConnection connection = DuckDb.openWritable(file)) {
      DuckDb.execute(connection, "SET TimeZone = 'UTC'");
      DuckDb.execute(connection, "CREATE SCHEMA f");
      for (String statement : statements) {
        DuckDb.execute(connection, statement);
      }
    }

    return file;
  }
}
