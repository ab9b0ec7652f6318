package ml.bqx.catalog;

import java.io.Serializable;

/**
 * The type of a warehouse column, named as in BigQuery.
 *
 * @param kind which type
 * @param precision decimal digits of a NUMERIC, 0 for all others
 * @param scale digits after the point of a NUMERIC, 0 for all others
 */
public record ColumnType(Kind kind, int precision, int scale) implements Serializable {
  /** The types a feature or target can have. TIMESTAMP counts microseconds since 1970 in UTC. */
  public enum Kind {
    FLOAT64,
    INT64,
    BOOL,
    STRING,
    BYTES,
    NUMERIC,
    TIMESTAMP,
    DATE
  }

  /** A type without parameters. */
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, 0, 0);
  }

  /** A decimal of {@code precision} digits, {@code scale} of them after the point. */
  public static ColumnType numeric(int precision, int scale) {
    return new ColumnType(Kind.NUMERIC, precision, scale);
  }

  @Override
  public String toString() {
    return kind == Kind.NUMERIC ? "NUMERIC(%d, %d)".formatted(precision, scale) : kind.name();
  }
}
