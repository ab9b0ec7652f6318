package ml.bqx.warehouse.bigquery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * BigQuery's types as column types, as {@code INFORMATION_SCHEMA.COLUMNS} spells them.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types">BigQuery's
 *     data types</a>
 */
final class BigQueryTypes {
  /** A type with the parameters it may have: lengths, or precision and scale. */
  private static final Pattern TYPE = Pattern.compile("([A-Z0-9]+)(?:\\((\\d+)(?:, *(\\d+))?\\))?");

  /** Digits in front of and behind the point, without parameters. */
  private static final ColumnType NUMERIC = ColumnType.numeric(38, 9);

  /** 76 whole digits; of the 77th BigQuery holds a part of the values only. */
  private static final ColumnType BIGNUMERIC = ColumnType.numeric(76, 38);

  private BigQueryTypes() {}

  /** The type of that name; null when it is unsupported: no type of ours holds all its values. */
  static @Nullable ColumnType of(String name) {
    Matcher matcher = TYPE.matcher(name);
    if (!matcher.matches()) {
      return null;
    }

    return switch (matcher.group(1)) {
      case "FLOAT64" -> ColumnType.of(Kind.FLOAT64);
      case "INT64" -> ColumnType.of(Kind.INT64);
      case "BOOL" -> ColumnType.of(Kind.BOOL);
      case "STRING" -> ColumnType.of(Kind.STRING);
      case "BYTES" -> ColumnType.of(Kind.BYTES);
      case "DATE" -> ColumnType.of(Kind.DATE);
      // With a parameter it counts picoseconds, which fit no 64 bits.
      case "TIMESTAMP" -> matcher.group(2) == null ? ColumnType.of(Kind.TIMESTAMP) : null;
      case "NUMERIC" -> decimal(NUMERIC, matcher.group(2), matcher.group(3));
      case "BIGNUMERIC" -> decimal(BIGNUMERIC, matcher.group(2), matcher.group(3));
      default -> null;
    };
  }

  private static ColumnType decimal(
      ColumnType whole, @Nullable String precision, @Nullable String scale) {
    return precision == null
        ? whole
        : ColumnType.numeric(
            Integer.parseInt(precision), scale == null ? 0 : Integer.parseInt(scale));
  }
}
