package ml.bqx.warehouse.bigquery;

import com.google.api.services.bigquery.Bigquery;
import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import ml.bqx.bigquery.BigQueryClient;
import ml.bqx.bigquery.BigQueryErrors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.RowFilter;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Warehouse;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * BigQuery: which tables there are, with columns, sizes and times. {@link BigQueryReader} reads
 * them.
 */
public final class BigQueryWarehouse implements Warehouse {
  private static final String DISCOVERY =
      """
      SELECT table_name, column_name, data_type
      FROM `%s`.`%s`.INFORMATION_SCHEMA.COLUMNS
      WHERE is_hidden = 'NO'
      ORDER BY table_name, ordinal_position""";

  private final Bigquery client;
  private final BigQueryConfig config;

  /** A warehouse behind a client. */
  public BigQueryWarehouse(Bigquery client, BigQueryConfig config) {
    this.client = client;
    this.config = config;
  }

  @Override
  public List<Table> tables(String dataset) {
    // Thousands of tables share a few names and types, and plans are shipped to workers.
    Interner<String> texts = Interners.newStrongInterner();
    Interner<Column> interned = Interners.newStrongInterner();
    Map<String, List<Column>> columns = new TreeMap<>();
    for (List<String> row : ask(list(dataset), DISCOVERY.formatted(config.project(), dataset))) {
      String type = texts.intern(row.get(2));
      columns
          .computeIfAbsent(row.get(0), table -> new ArrayList<>())
          .add(interned.intern(new Column(texts.intern(row.get(1)), type, BigQueryTypes.of(type))));
    }

    return columns.entrySet().stream()
        .map(entry -> new Table(dataset, entry.getKey(), entry.getValue(), null))
        .toList();
  }

  private String list(String dataset) {
    return "list the tables of %s.%s".formatted(config.project(), dataset);
  }

  private List<List<String>> ask(String what, String sql) {
    try {
      return BigQueryClient.rows(client, config.project(), sql, config.readTimeout());
    } catch (IOException e) {
      throw new ServiceException("Cannot %s: %s".formatted(what, BigQueryErrors.reason(e)), e);
    }
  }

  /**
   * Asks for kind, size and time of change, with one query for each dataset; a view is an error
   * unless a query may read it.
   */
  @Override
  public List<DiscoveredTable> describe(Catalog catalog) {
    List<FeatureGroup> groups = catalog.all();
    for (RowFilter filter : config.rowFilters()) {
      if (groups.stream().noneMatch(group -> group.matches(filter.tables()))) {
        throw new InvalidInputException(
            "--rowFilter=%s: matches none of the %,d tables".formatted(filter, groups.size()));
      }
    }

    Map<String, TableListing> listed = new HashMap<>();
    groups.stream()
        .map(group -> group.table().dataset())
        .distinct()
        .forEach(
            dataset ->
                TableListing.of(ask(list(dataset), TableListing.sql(config.project(), dataset)))
                    .forEach((table, found) -> listed.put(dataset + "." + table, found)));
    List<DiscoveredTable> tables =
        ParallelCalls.of(
            groups, group -> describe(group, listed.get(group.table().qualifiedName())));
    return config.snapshotTime() == null ? counted(tables) : tables;
  }

  private DiscoveredTable describe(FeatureGroup group, @Nullable TableListing found) {
    if (found == null) {
      throw unlisted(group.table());
    } else if (!found.isReadable() && !config.materializeViews()) {
      throw new InvalidInputException(
          "Cannot read table %s: it is a %s, which Storage Read cannot read; --materializeViews runs a query for it"
              .formatted(group.table().qualifiedName(), found.kind()));
    }

    return described(group, found);
  }

  /** Why a table is not listed, which only a look at the table itself shows. */
  private ServiceException unlisted(Table table) {
    try {
      client.tables().get(config.project(), table.dataset(), table.name()).execute();
      return new ServiceException(
          "Cannot read table %s: BigQuery does not list it with its dataset; run again"
              .formatted(table.qualifiedName()));
    } catch (IOException e) {
      return new ServiceException(
          "Cannot read table %s: %s".formatted(table.qualifiedName(), BigQueryErrors.reason(e)), e);
    }
  }

  /**
   * What was written after the snapshot is not read, so the table's time of change is then the
   * snapshot's. A view's own time says nothing of the tables behind it: it counts as new.
   */
  private DiscoveredTable described(FeatureGroup group, TableListing found) {
    Instant moment = Objects.requireNonNullElseGet(config.snapshotTime(), Instant::now);
    boolean isCurrent = found.isReadable() && !found.written().isAfter(moment);
    String chosen =
        config.rowFilters().stream()
            .filter(filter -> group.matches(filter.tables()))
            .map(RowFilter::condition)
            .reduce("", ReadSql::both);
    return new DiscoveredTable(
        group.modifiedAt(isCurrent ? found.written() : moment),
        !found.isReadable(),
        isCurrent && chosen.isEmpty() ? found.rows() : DiscoveredTable.UNKNOWN_ROWS,
        withRequired(chosen, group, found.filterColumn()),
        0);
  }

  /** BigQuery refuses to read some tables without a condition on the column that they name. */
  private static String withRequired(String chosen, FeatureGroup group, String column) {
    if (column.equalsIgnoreCase(ReadSql.key(group).name())) {
      return ReadSql.both(ReadSql.within(group, TimeRange.ALL), chosen);
    } else if (!column.isEmpty() && chosen.isEmpty()) {
      throw new InvalidInputException(
          "Cannot read table %1$s: it requires a condition on its partitioning column %3$s; set one, for example --rowFilter='%2$s=%3$s >= \"2000-01-01\" OR %3$s IS NULL'"
              .formatted(group.table().qualifiedName(), group.table().name(), column));
    }

    return chosen;
  }

  /**
   * Row access policies hide rows, and without a snapshot nobody says which tables have them: what
   * this account sees is counted.
   */
  private List<DiscoveredTable> counted(List<DiscoveredTable> tables) {
    Map<String, Long> visible = new RowCounts(client, config).of(tables, TimeRange.ALL);
    return tables.stream()
        .map(
            table ->
                table.isView()
                    ? table
                    : table.showing(Objects.requireNonNull(visible.get(table.name()))))
        .toList();
  }

  @Override
  public void close() {}
}
