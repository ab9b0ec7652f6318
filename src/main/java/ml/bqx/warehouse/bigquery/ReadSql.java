package ml.bqx.warehouse.bigquery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.TimeRange;

/**
 * The SQL that reads send. Names were checked by the catalog (letters, digits, underscores), values
 * are formed from numbers.
 */
final class ReadSql {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /** The last moment that BigQuery can write, and the first microsecond behind it. */
  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** The first moment that BigQuery can write. */
  private static final Instant START = Instant.parse("0001-01-01T00:00:00Z");

  private ReadSql() {}

  /**
   * The condition that a row's timestamp lies in the range. Rows without a timestamp meet it too:
   * they are counted.
   */
  static String restriction(FeatureGroup group, TimeRange range) {
    String key = RecordLayout.key(group).name();
    return "(%1$s >= %2$s AND %1$s <= %3$s) OR %1$s IS NULL"
        .formatted(key, literal(range.from()), literal(range.to() - 1));
  }

  /** A query for the key and the columns of a group. */
  static String query(String project, FeatureGroup group, TimeRange range) {
    String columns =
        RecordLayout.columns(group).stream()
            .map(Column::name)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM `%s`.`%s`.`%s`%s"
        .formatted(
            columns,
            project,
            group.table().dataset(),
            group.table().name(),
            range.equals(TimeRange.ALL) ? "" : " WHERE " + restriction(group, range));
  }

  private static String literal(long micros) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    Instant possible = instant.isBefore(START) ? START : instant.isAfter(END) ? END : instant;
    return "TIMESTAMP '%s+00:00'".formatted(MICROS.format(possible));
  }
}
