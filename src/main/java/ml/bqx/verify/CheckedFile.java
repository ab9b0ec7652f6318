package ml.bqx.verify;

import static ml.bqx.duckdb.DuckDb.literal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.options.FloatType;
import ml.bqx.training.TrainingChoice;
import org.duckdb.DuckDBConnection;

/**
 * A training file as DuckDB reads it.
 *
 * @param connection reads it
 * @param path path or glob of the Parquet file
 * @param keyValues of its footer
 * @param columns the names of its columns with their types, in order
 * @param choice what was chosen for it, if it has not all that its checkpoints offer
 * @param dictionaries the texts behind codes, by column
 */
record CheckedFile(
    DuckDBConnection connection,
    String path,
    Map<String, String> keyValues,
    Map<String, String> columns,
    Optional<TrainingChoice> choice,
    Map<String, List<String>> dictionaries) {
  /** Reads the footer. */
  static CheckedFile of(DuckDBConnection connection, String path) throws SQLException {
    Map<String, String> keyValues = keyValues(connection, path);
    return new CheckedFile(
        connection,
        path,
        keyValues,
        columns(connection, path),
        TrainingChoice.of(keyValues),
        TrainingChoice.dictionaries(keyValues));
  }

  private static Map<String, String> keyValues(DuckDBConnection connection, String path)
      throws SQLException {
    Map<String, String> keyValues = new LinkedHashMap<>();
    String pairs =
        "SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(%s)"
            .formatted(literal(path));
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(pairs)) {
      while (rows.next()) {
        keyValues.put(rows.getString("key"), rows.getString("value"));
      }
    }

    return keyValues;
  }

  private static Map<String, String> columns(DuckDBConnection connection, String path)
      throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + parquet(path))) {
      while (rows.next()) {
        columns.put(rows.getString("column_name"), rows.getString("column_type"));
      }
    }

    return columns;
  }

  /** What to select from. */
  String parquet() {
    return parquet(path);
  }

  private static String parquet(String path) {
    // A directory named a=b would be taken for a column.
    return "read_parquet(%s, hive_partitioning = false)".formatted(literal(path));
  }

  /** Whether it has a column with the pair. */
  boolean hasPair() {
    return choice.isPresent() && choice.get().pairColumn();
  }

  /** What that column holds, in SQL. */
  String pair(String name) {
    List<String> codes = dictionaries.getOrDefault(Catalog.PAIR_COLUMN, List.of());
    return isEncoded() ? Integer.toString(codes.indexOf(name)) : literal(name);
  }

  private boolean isEncoded() {
    return choice.isPresent() && choice.get().encoded();
  }

  /** The type of a column of the warehouse in the file. */
  ColumnType type(Column column) {
    return isEncoded() ? ColumnType.of(ColumnType.Kind.FLOAT64) : column.supportedType();
  }

  /** A column of the warehouse, as the file should have it. */
  String value(FeatureGroup group, Column column) {
    String name = group.featureName(column);
    List<String> codes = dictionaries.getOrDefault(name, List.of());
    String value =
        isEncoded()
            ? ColumnDigest.encoded(column.name(), column.supportedType(), codes)
            : ColumnDigest.value(column.name(), column.supportedType());
    return isSingle(name) ? ColumnDigest.single(value) : value;
  }

  /** Whether a column is said to hold the nearest FLOATs of the warehouse's doubles. */
  private boolean isSingle(String name) {
    return FloatType.FLOAT32.toString().equals(keyValues.get(FooterKeys.FLOAT_TYPE))
        && "FLOAT".equals(columns.get(name));
  }
}
