package ml.bqx.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;

/** Why DuckDB does not open a file, with what to do about it. */
final class OpenFailure {
  private static final Pattern LOCKED =
      Pattern.compile("Conflicting lock is held in (.+?)(?:\\. See also.*)?$");

  private static final Pattern OTHER_VERSION =
      Pattern.compile(
          "version number (\\d+), but we can only read (?:storage )?versions between \\d+ and (\\d+)");

  private OpenFailure() {}

  /** In words; DuckDB's own where they need no others. */
  static String inWords(SQLException e) {
    String reason = DuckDb.reason(e);
    Matcher locked = LOCKED.matcher(reason);
    if (locked.find()) {
      return "another process has it open for writing, %s; end it, or wait for it, and run again"
          .formatted(locked.group(1));
    }

    Matcher version = OTHER_VERSION.matcher(reason);
    return version.find() && isNewer(version) ? newer(version) : reason;
  }

  private static boolean isNewer(Matcher version) {
    return Long.parseLong(version.group(1)) > Long.parseLong(version.group(2));
  }

  private static String newer(Matcher version) {
    String embedded = embeddedVersion();
    return "a newer DuckDB wrote it, in storage format %s; DuckDB %s, which is part of bqx-ml, reads up to %s: copy it with the newer one, ATTACH 'copy.duckdb' AS copy (STORAGE_VERSION '%s'), then COPY FROM DATABASE"
        .formatted(version.group(1), embedded, version.group(2), embedded);
  }

  private static String embeddedVersion() {
    try (DuckDBConnection connection = DuckDb.openInMemory();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version()")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot start DuckDB: " + DuckDb.reason(e), e);
    }
  }
}
