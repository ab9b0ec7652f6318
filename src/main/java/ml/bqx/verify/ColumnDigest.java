package ml.bqx.verify;

import static ml.bqx.duckdb.DuckDb.literal;
import static ml.bqx.duckdb.DuckDb.quoted;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import ml.bqx.catalog.ColumnType;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.duckdb.DuckDBConnection;

/**
 * Number and checksum of a column's values.
 *
 * <p>The checksum is the sum of the hashes of (timestamp, value). It does not depend on the order
 * of rows, and a value in the wrong row changes it. DuckDB hashes all NaNs alike, and -0.0 like
 * 0.0.
 *
 * @param values how many are not null
 * @param checksum sum of the hashes, those of nulls included; null without rows
 */
record ColumnDigest(long values, @Nullable String checksum) {
  /**
   * Computes the digests of many columns in one pass.
   *
   * @param values the columns as {@link #value} gives them
   * @param time the timestamps in SQL, of one type for all that is compared
   * @param from where the rows are, in SQL
   */
  static List<ColumnDigest> of(
      DuckDBConnection connection, List<String> values, String time, String from)
      throws SQLException {
    List<ColumnDigest> digests = new ArrayList<>();
    if (values.isEmpty()) {
      return digests;
    }

    // No FILTER in here: its cost grows with the square of the number of columns.
    String select =
        values.stream()
            .map(value -> "count(%1$s), sum(hash(%2$s, %1$s))".formatted(value, time))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT %s FROM %s".formatted(select, from))) {
      row.next();
      for (int i = 0; i < values.size(); i++) {
        digests.add(new ColumnDigest(row.getLong(2 * i + 1), row.getString(2 * i + 2)));
      }
    }

    return digests;
  }

  /** A column in a type that both sides share; the hash of a number depends on its type. */
  static String value(String column, ColumnType type) {
    String name = quoted(column);
    return switch (type.kind()) {
      case FLOAT64 -> name + "::DOUBLE";
      case INT64 -> name + "::BIGINT";
      case NUMERIC -> "%s::DECIMAL(38, %d)".formatted(name, type.scale());
      case TIMESTAMP -> "epoch_us(%s)".formatted(name);
      case STRING -> name + "::VARCHAR";
      case BOOL, BYTES, DATE -> name;
    };
  }

  /**
   * A column of the warehouse as a training file has it whose columns are encoded as doubles.
   *
   * @param codes the texts of the column in the order of their codes
   */
  static String encoded(String column, ColumnType type, List<String> codes) {
    String name = quoted(column);
    String value =
        switch (type.kind()) {
          case BOOL -> name + "::INTEGER";
          case DATE -> "(%s - DATE '1970-01-01')".formatted(name);
          case TIMESTAMP -> "epoch_us(%s)::DOUBLE / 1000000".formatted(name);
          // DuckDB's own cast of a decimal divides doubles, which may round twice.
          case NUMERIC -> name + "::VARCHAR";
          case STRING ->
              "(list_position([%s]::VARCHAR[], %s) - 1)"
                  .formatted(
                      codes.stream().map(text -> literal(text)).collect(Collectors.joining(", ")),
                      name);
          case INT64, FLOAT64, BYTES -> name;
        };
    return "(%s)::DOUBLE".formatted(value);
  }

  /**
   * Doubles as the nearest FLOATs. DuckDB's own cast refuses those that become infinite: half a
   * step beyond the largest FLOAT.
   */
  static String single(String doubles) {
    return """
        (CASE WHEN isnan(%1$s) OR abs(%1$s) < 3.4028235677973366e38
        THEN (%1$s)::FLOAT ELSE sign(%1$s) * 'inf'::FLOAT END)::DOUBLE\
        """
        .formatted(doubles);
  }

  /** How the other, unequal digest differs from this one. */
  String versus(ColumnDigest found) {
    return found.values == values
        ? "other values (%d)".formatted(values)
        : "%d values instead of %d".formatted(found.values, values);
  }
}
