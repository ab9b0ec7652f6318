package ml.bqx.sample;

import static ml.bqx.duckdb.DuckDb.quoted;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import org.duckdb.DuckDBConnection;

/** The table in which a sample warehouse says what it is, so that it can grow. */
final class SampleSettings {
  private static final String SCHEMA = "bqx_sample";

  private static final String TABLE = quoted(SCHEMA, "settings");

  private SampleSettings() {}

  /**
   * How many minutes of the spine stay as they are: those of the file that is there, when it is the
   * beginning of what is asked for, and 0 otherwise. Where defects lie depends on the number of
   * rows.
   */
  static int minutesToKeep(SampleConfig config) {
    Path file = config.file();
    // What is in DuckDB's log is not in the file, which is copied.
    boolean logged = Files.exists(file.resolveSibling(file.getFileName() + ".wal"));
    if (!config.defects().isEmpty() || logged || !Files.isRegularFile(file)) {
      return 0;
    }

    try (DuckDBConnection connection = DuckDb.openReadOnly(file, 1, "100MB")) {
      return (int)
          DuckDb.number(
              connection,
              "SELECT coalesce(max(minutes), 0) FROM %s WHERE fingerprint = %d AND minutes < %d"
                  .formatted(TABLE, SamplePlan.fingerprint(config), config.minutes()));
    } catch (InvalidInputException | SQLException e) {
      // Not a sample that tells what it is: it is replaced.
      return 0;
    }
  }

  /** Says in a new or longer sample what it is. */
  static void write(SampleConfig config, DuckDBConnection connection) throws SQLException {
    DuckDb.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + quoted(SCHEMA));
    DuckDb.execute(
        connection,
        "CREATE OR REPLACE TABLE %s AS SELECT %d AS minutes, %d AS fingerprint"
            .formatted(TABLE, config.minutes(), SamplePlan.fingerprint(config)));
  }
}
