package ml.bqx.warehouse.duckdb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * DuckDB's types as column types, as {@code information_schema} and result sets spell them.
 *
 * @see <a href="https://duckdb.org/docs/stable/sql/data_types/overview">DuckDB's data types</a>
 */
public final class DuckDbTypes {
  /** The type of timestamps of which some have no microsecond. */
  static final String NANOSECONDS = "TIMESTAMP_NS";

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

  private DuckDbTypes() {}

  /** The type of that name; null when it is unsupported: no type of ours holds all its values. */
  public static @Nullable ColumnType of(String name) {
    return switch (name) {
      case "DOUBLE", "FLOAT" -> ColumnType.of(Kind.FLOAT64);
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
          ColumnType.of(Kind.INT64);
      case "BOOLEAN" -> ColumnType.of(Kind.BOOL);
      case "VARCHAR" -> ColumnType.of(Kind.STRING);
      case "BLOB" -> ColumnType.of(Kind.BYTES);
      case "DATE" -> ColumnType.of(Kind.DATE);
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", NANOSECONDS ->
          ColumnType.of(Kind.TIMESTAMP);
      default -> name.startsWith("ENUM") ? ColumnType.of(Kind.STRING) : decimal(name);
    };
  }

  /** Whether an unsupported type holds numbers. */
  static boolean isNumber(String name) {
    return switch (name) {
      case "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM" -> true;
      default -> false;
    };
  }

  private static @Nullable ColumnType decimal(String name) {
    Matcher matcher = DECIMAL.matcher(name);
    return matcher.matches()
        ? ColumnType.numeric(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : null;
  }
}
