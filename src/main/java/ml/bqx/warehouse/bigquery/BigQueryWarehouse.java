package ml.bqx.warehouse.bigquery;

import com.google.api.services.bigquery.Bigquery;
import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.bqx.bigquery.BigQueryClient;
import ml.bqx.bigquery.BigQueryErrors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Table;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.options.BigQueryConfig;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;

/** BigQuery: which tables there are, with columns, sizes and times, and what reads them. */
public final class BigQueryWarehouse implements Warehouse {
  private static final String DISCOVERY =
      """
      SELECT table_name, column_name, data_type
      FROM `%s`.`%s`.INFORMATION_SCHEMA.COLUMNS
      ORDER BY table_name, ordinal_position""";

  private final Bigquery client;
  private final BigQueryConfig config;
  private final BigQueryServices services;

  private BigQueryWarehouse(Bigquery client, BigQueryConfig config, BigQueryServices services) {
    this.client = client;
    this.config = config;
    this.services = services;
  }

  /**
   * Connects.
   *
   * @param services what BigQueryIO calls
   * @throws InvalidInputException when there are no credentials
   */
  public static BigQueryWarehouse open(
      BigQueryOptions options, BigQueryConfig config, BigQueryServices services) {
    return new BigQueryWarehouse(
        BigQueryClient.of(options, config.readTimeout()), config, services);
  }

  @Override
  public List<Table> tables(String dataset) {
    // Thousands of tables share a few names and types, and plans are shipped to workers.
    Interner<String> texts = Interners.newStrongInterner();
    Interner<Column> interned = Interners.newStrongInterner();
    Map<String, List<Column>> columns = new TreeMap<>();
    try {
      String project = config.project();
      String sql = DISCOVERY.formatted(project, dataset);
      for (List<String> row : BigQueryClient.rows(client, project, sql, config.readTimeout())) {
        String type = texts.intern(row.get(2));
        columns
            .computeIfAbsent(row.get(0), table -> new ArrayList<>())
            .add(
                interned.intern(
                    new Column(texts.intern(row.get(1)), type, BigQueryTypes.of(type))));
      }
    } catch (IOException e) {
      throw new ServiceException(
          "Cannot list the tables of %s.%s: %s"
              .formatted(config.project(), dataset, BigQueryErrors.reason(e)),
          e);
    }

    return columns.entrySet().stream()
        .map(entry -> new Table(dataset, entry.getKey(), entry.getValue(), null))
        .toList();
  }

  /** Asks for kind, size and time of change; a view is an error unless a query may read it. */
  @Override
  public List<DiscoveredTable> describe(Catalog catalog) {
    return ParallelCalls.of(catalog.all(), this::describe);
  }

  private DiscoveredTable describe(FeatureGroup group) {
    Table table = group.table();
    com.google.api.services.bigquery.model.Table found;
    try {
      found =
          client
              .tables()
              .get(config.project(), table.dataset(), table.name())
              .setFields("type,numRows,lastModifiedTime,streamingBuffer")
              .execute();
    } catch (IOException e) {
      throw new ServiceException(
          "Cannot read table %s: %s".formatted(table.qualifiedName(), BigQueryErrors.reason(e)), e);
    }

    boolean isView =
        switch (String.valueOf(found.getType())) {
          case "TABLE", "SNAPSHOT", "null" -> false;
          default -> true;
        };
    if (isView && !config.materializeViews()) {
      throw new InvalidInputException(
          "Cannot read table %s: it is a %s, which Storage Read cannot read; --materializeViews runs a query for it"
              .formatted(table.qualifiedName(), found.getType()));
    }

    return described(group, isView, found);
  }

  /**
   * What was written after the snapshot is not read, so the table's time of change is then the
   * snapshot's. A view's own time says nothing of the tables behind it: it counts as new.
   */
  private DiscoveredTable described(
      FeatureGroup group, boolean isView, com.google.api.services.bigquery.model.Table found) {
    Instant snapshot = config.snapshotTime();
    Instant written =
        found.getLastModifiedTime() == null
            ? Instant.MAX
            : Instant.ofEpochMilli(found.getLastModifiedTime().longValueExact());
    boolean isCurrent = !isView && !written.isAfter(snapshot);
    return new DiscoveredTable(
        group.modifiedAt(isCurrent ? written : snapshot),
        isView,
        // Rows of a streaming buffer are read, but not among those counted.
        isCurrent && found.getNumRows() != null && found.getStreamingBuffer() == null
            ? found.getNumRows().longValueExact()
            : DiscoveredTable.UNKNOWN_ROWS);
  }

  @Override
  public WarehouseReader reader() {
    return new BigQueryReader(config, services);
  }

  @Override
  public void close() {}
}
