package ml.bqx.warehouse.bigquery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.warehouse.DiscoveredTable;
import org.checkerframework.checker.nullness.qual.Nullable;

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

  /** The condition on the rows that are read; empty when all are. */
  static String restriction(DiscoveredTable table, TimeRange range) {
    String within = range.equals(TimeRange.ALL) ? "" : within(table.group(), range);
    return table.filter().isEmpty() ? within : both(within, table.filter());
  }

  /** The condition that two conditions hold, either of which may be empty. */
  static String both(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : "(%s) AND (%s)".formatted(one, other);
  }

  /**
   * The condition that a row's timestamp is in the range. Rows without a timestamp meet it too:
   * they are counted.
   */
  static String within(FeatureGroup group, TimeRange range) {
    String key = key(group).name();
    return "(%1$s >= %2$s AND %1$s <= %3$s) OR %1$s IS NULL"
        .formatted(key, literal(range.from()), literal(range.to() - 1));
  }

  /** What is read of a group: its key, then its columns. */
  static List<Column> columns(FeatureGroup group) {
    List<Column> columns = new ArrayList<>(List.of(key(group)));
    columns.addAll(group.columns());
    return columns;
  }

  /** The group's key column, however its name is written. */
  static Column key(FeatureGroup group) {
    return group.table().columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(Catalog.KEY_COLUMN))
        .findFirst()
        .orElseThrow();
  }

  /** A query for the key and the columns of a group. */
  static String query(String project, DiscoveredTable table, TimeRange range) {
    FeatureGroup group = table.group();
    String columns =
        columns(group).stream()
            .map(Column::name)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM %s%s"
        .formatted(columns, name(project, group), where(restriction(table, range)));
  }

  /**
   * A query for the names of tables and the rows that a read of each brings.
   *
   * @param snapshotTime null to count what there is now
   */
  static String counts(
      String project,
      List<DiscoveredTable> tables,
      TimeRange range,
      @Nullable Instant snapshotTime) {
    String moment =
        snapshotTime == null
            ? ""
            : " FOR SYSTEM_TIME AS OF TIMESTAMP '%s+00:00'".formatted(MICROS.format(snapshotTime));
    return tables.stream()
        .map(
            table ->
                "SELECT '%s', COUNT(*) FROM %s%s%s"
                    .formatted(
                        table.name(),
                        name(project, table.group()),
                        moment,
                        where(restriction(table, range))))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private static String name(String project, FeatureGroup group) {
    return "`%s`.`%s`.`%s`".formatted(project, group.table().dataset(), group.table().name());
  }

  private static String where(String condition) {
    return condition.isEmpty() ? "" : " WHERE " + condition;
  }

  private static String literal(long micros) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    Instant possible = instant.isBefore(START) ? START : instant.isAfter(END) ? END : instant;
    return "TIMESTAMP '%s+00:00'".formatted(MICROS.format(possible));
  }
}
