package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** DuckDB as the judge of what our code wrote: it shares no code with it. */
public final class Duck implements AutoCloseable {
  private final Connection connection;

  private Duck(String database) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:" + database);
    run("SET TimeZone = 'UTC'");
    run("SET threads = 1");
  }

  public static Duck inMemory() throws SQLException {
    return new Duck("");
  }

  /** Opens a database for changes; it is made when it is not there. */
  static Duck of(Path database) throws SQLException {
    return new Duck(database.toString());
  }

  /** Makes the tables of a warehouse readable, by their dataset and name. */
  public Duck attach(Path warehouse) throws SQLException {
    run("ATTACH '%s' AS warehouse (READ_ONLY)".formatted(warehouse));
    run("USE warehouse");

    return this;
  }

  public Duck run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }

    return this;
  }

  /** The only value of a query. */
  public long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();

      return rows.getLong(1);
    }
  }

  /** The first column of a query, as text. */
  public List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }

    return texts;
  }

  /** Names and types of what a query selects, in its order. */
  public Map<String, String> columns(String sql) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + sql)) {
      while (rows.next()) {
        columns.put(rows.getString("column_name"), rows.getString("column_type"));
      }
    }

    return columns;
  }

  /** A Parquet file, or all that a glob matches, as something to select from. */
  static String parquet(Object file) {
    return "read_parquet('%s', filename = true, file_row_number = true)".formatted(file);
  }

  /** All that is in a Parquet file, or in all that a glob matches. */
  public static String values(Object file) {
    return "SELECT * EXCLUDE (filename, file_row_number) FROM " + parquet(file);
  }

  /** An identifier in SQL. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * Asserts that two queries give the same columns, by name, type and order, and for every {@code
   * interval_time} the same row, value by value: a null is a null, and floating-point numbers are
   * compared by their bits, so that -0.0 is not 0.0 and no NaN like another.
   */
  public void assertSame(String actual, String expected) throws SQLException {
    run("CREATE OR REPLACE TEMP TABLE actual_rows AS " + actual);
    run("CREATE OR REPLACE TEMP TABLE expected_rows AS " + expected);
    Map<String, String> columns = columns("FROM expected_rows");
    assertThat(columns("FROM actual_rows")).containsExactlyEntriesOf(columns);
    assertThat(number("SELECT count(*) FROM actual_rows"))
        .as("rows")
        .isEqualTo(number("SELECT count(*) FROM expected_rows"))
        .isEqualTo(number("SELECT count(DISTINCT interval_time) FROM expected_rows"));
    List<String> names = List.copyOf(columns.keySet());
    String counts =
        names.stream()
            .map(
                name ->
                    "count(*) FILTER (WHERE %s IS DISTINCT FROM %s)"
                        .formatted(
                            bits("a", name, columns.get(name)), bits("e", name, columns.get(name))))
            .collect(Collectors.joining(", "));
    Map<String, Long> differences = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT %s FROM actual_rows a FULL JOIN expected_rows e USING (interval_time)"
                    .formatted(counts))) {
      row.next();
      for (int i = 0; i < names.size(); i++) {
        differences.put(names.get(i), row.getLong(i + 1));
      }
    }

    differences.values().removeIf(count -> count == 0);
    assertThat(differences).as("rows that differ in each column").isEmpty();
  }

  /**
   * Asserts that a training file has the columns and rows of a query, its rows in order of time,
   * and exactly as many in each row group but the last as was asked for.
   */
  void assertTraining(Path file, String expected, int rowGroupRows) throws SQLException {
    assertSame(values(file), expected);
    assertThat(rowsOutOfOrder(parquet(file), "file_row_number")).isZero();
    List<String> rowGroups = new ArrayList<>();
    for (long left = number("SELECT count(*) FROM expected_rows"); left > 0; left -= rowGroupRows) {
      rowGroups.add("%d: %d".formatted(rowGroups.size(), Math.min(left, rowGroupRows)));
    }

    assertThat(
            texts(
                """
                SELECT row_group_id || ': ' || row_group_num_rows FROM parquet_metadata('%s')
                GROUP BY ALL ORDER BY min(row_group_id)\
                """
                    .formatted(file)))
        .as("rows of the row groups")
        .isEqualTo(rowGroups);
  }

  /** How many rows are not later than the row before them. */
  long rowsOutOfOrder(String parquet, String order) throws SQLException {
    return number(
        """
        SELECT count(*) FROM (
          SELECT interval_time t, lag(t) OVER (ORDER BY %s) AS earlier FROM %s)
        WHERE t <= earlier\
        """
            .formatted(order, parquet));
  }

  private static String bits(String table, String name, String type) {
    String column = table + "." + quoted(name);

    return type.equals("DOUBLE") || type.equals("FLOAT") ? column + "::BIT" : column;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
