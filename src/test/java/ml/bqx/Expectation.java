package ml.bqx;

import static ml.bqx.Duck.quoted;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ml.bqx.sample.SampleWarehouse;

/**
 * What checkpoints and training file must hold, as SQL over the warehouse that DuckDB has attached.
 *
 * @param duck has the warehouse attached
 * @param duplicates which row of a repeated timestamp counts: {@code first} or {@code last}
 * @param rows a condition that the spine's rows must fulfil
 * @param limit rows that the spine has at most
 */
public record Expectation(Duck duck, String duplicates, String rows, long limit) {
  public static final String TARGETS = "targets_" + Workplace.PAIR;

  /** All rows, where no timestamp repeats. */
  static Expectation of(Duck duck) {
    return new Expectation(duck, "first", "true", Long.MAX_VALUE);
  }

  Expectation withDuplicates(String newDuplicates) {
    return new Expectation(duck, newDuplicates, rows, limit);
  }

  Expectation withRows(String newRows) {
    return new Expectation(duck, duplicates, newRows, limit);
  }

  Expectation withLimit(long newLimit) {
    return new Expectation(duck, duplicates, rows, newLimit);
  }

  /** A table's name without the pair. */
  public static String group(String table) {
    return Arrays.stream(table.split("_"))
        .filter(word -> !word.equals(Workplace.PAIR))
        .collect(Collectors.joining("_"));
  }

  /** A table, in SQL. */
  static String source(String table) {
    String dataset = table.equals(TARGETS) ? SampleWarehouse.ANALYTICS : SampleWarehouse.FEATURES;

    return dataset + "." + quoted(table);
  }

  /** The columns that are features or targets, and their types. */
  Map<String, String> sourceColumns(String table) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>(duck.columns("FROM " + source(table)));
    columns
        .keySet()
        .removeIf(name -> name.equalsIgnoreCase("interval_time") || name.equalsIgnoreCase("pair"));

    return columns;
  }

  /** Name of a column in checkpoint and training file. */
  public static String featureName(String table, String column) {
    return table.equals(TARGETS) ? column : group(table) + "__" + column;
  }

  /** The table's rows, of a repeated timestamp one, with names and types as they are stored. */
  private String stored(String table) throws SQLException {
    List<String> columns = new ArrayList<>(List.of("interval_time::TIMESTAMPTZ AS interval_time"));
    List<String> known = new ArrayList<>(List.of("interval_time IS NOT NULL"));
    sourceColumns(table)
        .forEach(
            (column, type) -> {
              String stored = quoted(column) + "::" + storedType(type);
              columns.add(stored + " AS " + quoted(featureName(table, column)));
              if (table.equals(TARGETS)) {
                known.add(quoted(column) + " IS NOT NULL");
              }
            });

    return """
        SELECT %s FROM %s WHERE %s
        QUALIFY row_number() OVER (PARTITION BY interval_time ORDER BY rowid %s) = 1\
        """
        .formatted(
            String.join(", ", columns),
            source(table),
            String.join(" AND ", known),
            duplicates.equals("first") ? "ASC" : "DESC");
  }

  private static String storedType(String type) {
    return switch (type) {
      case "FLOAT" -> "DOUBLE";
      case "TINYINT", "SMALLINT", "INTEGER", "UINTEGER" -> "BIGINT";
      case "TIMESTAMP" -> "TIMESTAMPTZ";
      default -> type;
    };
  }

  /** The spine: rows whose targets are all known. */
  String spine() throws SQLException {
    return "SELECT interval_time FROM (%s) WHERE %s ORDER BY interval_time LIMIT %d"
        .formatted(stored(TARGETS), rows, limit);
  }

  /** The spine's rows with the table's values, nulls where it has none. */
  String aligned(String table) throws SQLException {
    return "SELECT * FROM (%s) s LEFT JOIN (%s) t USING (interval_time)"
        .formatted(spine(), stored(table));
  }

  /** The table's rows that are in the spine. */
  String sharded(String table) throws SQLException {
    return "SELECT * FROM (%s) s JOIN (%s) t USING (interval_time)"
        .formatted(spine(), stored(table));
  }

  /** The training file made of these feature tables. */
  String training(List<String> tables) throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT * FROM (" + aligned(TARGETS) + ")");
    for (String table : tables.stream().sorted((a, b) -> group(a).compareTo(group(b))).toList()) {
      sql.append(" LEFT JOIN (").append(stored(table)).append(") USING (interval_time)");
    }

    return sql.toString();
  }
}
