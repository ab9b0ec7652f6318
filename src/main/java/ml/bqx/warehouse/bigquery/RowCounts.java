package ml.bqx.warehouse.bigquery;

import com.google.api.services.bigquery.Bigquery;
import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.bigquery.BigQueryClient;
import ml.bqx.bigquery.BigQueryErrors;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.failure.ServiceException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.warehouse.DiscoveredTable;

/**
 * Counts by queries the rows that reads bring: a stream that ends early looks like one that is
 * whole, and what BigQuery tells of a table leaves out the rows in its streaming buffer.
 */
final class RowCounts {
  /** BigQuery takes 1,000 tables in a query, and SQL of a million characters. */
  private static final int TABLES_PER_QUERY = 500;

  private final Bigquery client;
  private final BigQueryConfig config;

  RowCounts(Bigquery client, BigQueryConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * Counts rows as of the snapshot time, if there is one.
   *
   * @param range the timestamps that are read
   * @return the rows of each table by its name; none of views, which a query reads anyway
   * @throws ServiceException naming the tables that cannot be read
   */
  Map<String, Long> of(List<DiscoveredTable> tables, TimeRange range) {
    Map<String, Long> counts = new HashMap<>();
    List<DiscoveredTable> countable = tables.stream().filter(table -> !table.isView()).toList();
    for (List<DiscoveredTable> some : Lists.partition(countable, TABLES_PER_QUERY)) {
      count(some, range).forEach(row -> counts.put(row.get(0), Long.parseLong(row.get(1))));
    }

    return counts;
  }

  private List<List<String>> count(List<DiscoveredTable> tables, TimeRange range) {
    try {
      return ask(tables, range);
    } catch (IOException e) {
      if (BigQueryErrors.isAboutTables(e)) {
        // Which of them cannot be read?
        ParallelCalls.of(tables, table -> countAlone(table, range));
      }

      throw new ServiceException("Cannot count the rows of tables: " + BigQueryErrors.reason(e), e);
    }
  }

  private List<List<String>> countAlone(DiscoveredTable table, TimeRange range) {
    try {
      return ask(List.of(table), range);
    } catch (IOException e) {
      throw new ServiceException(
          "Cannot read table %s: %s".formatted(table.name(), BigQueryErrors.reason(e)), e);
    }
  }

  private List<List<String>> ask(List<DiscoveredTable> tables, TimeRange range) throws IOException {
    return BigQueryClient.rows(
        client,
        config.project(),
        ReadSql.counts(config.project(), tables, range, config.snapshotTime()),
        config.readTimeout());
  }

  /** The tables, with the rows that reads of them bring. */
  List<DiscoveredTable> in(List<DiscoveredTable> tables, TimeRange range) {
    Map<String, Long> counts = of(tables, range);
    return tables.stream()
        .map(
            table ->
                table.isView()
                    ? table
                    : table.bringing(Objects.requireNonNull(counts.get(table.name()))))
        .toList();
  }
}
