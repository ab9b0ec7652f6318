package ml.bqx.warehouse.bigquery;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What BigQuery knows of a table, besides its columns.
 *
 * @param kind its type, as {@code INFORMATION_SCHEMA.TABLES} spells it
 * @param rows rows without those of a streaming buffer
 * @param written when it was last written
 * @param filterColumn the partitioning column on which reads must have a condition; empty when they
 *     need none
 * @see <a href="https://cloud.google.com/bigquery/docs/information-schema-tables">TABLES</a>
 */
record TableListing(String kind, long rows, Instant written, String filterColumn) {
  /** Tables without time partitions have no such column; those by time of arrival may have two. */
  private static final String SQL =
      """
      SELECT t.table_name, t.table_type, s.row_count, s.last_modified_time,
        o.option_value, c.column_name
      FROM `%1$s`.`%2$s`.INFORMATION_SCHEMA.TABLES AS t
      JOIN `%1$s`.`%2$s`.__TABLES__ AS s ON s.table_id = t.table_name
      LEFT JOIN `%1$s`.`%2$s`.INFORMATION_SCHEMA.TABLE_OPTIONS AS o
        ON o.table_name = t.table_name AND o.option_name = 'require_partition_filter'
      LEFT JOIN `%1$s`.`%2$s`.INFORMATION_SCHEMA.COLUMNS AS c
        ON c.table_name = t.table_name AND c.is_partitioning_column = 'YES'
      ORDER BY t.table_name, c.column_name DESC""";

  /** A query for all tables of a dataset that this account may see. */
  static String sql(String project, String dataset) {
    return SQL.formatted(project, dataset);
  }

  /** The tables that the query answers, by name. */
  static Map<String, TableListing> of(List<List<String>> rows) {
    Map<String, TableListing> tables = new HashMap<>();
    for (List<String> row : rows) {
      boolean needsFilter = row.get(4).equals("true");
      tables.putIfAbsent(
          row.get(0),
          new TableListing(
              row.get(1),
              Long.parseLong(row.get(2)),
              Instant.ofEpochMilli(Long.parseLong(row.get(3))),
              needsFilter ? row.get(5) : ""));
    }

    return tables;
  }

  /** Whether Storage Read can read it: tables, and their snapshots and clones. */
  boolean isReadable() {
    return switch (kind) {
      case "BASE TABLE", "SNAPSHOT", "CLONE" -> true;
      default -> false;
    };
  }
}
