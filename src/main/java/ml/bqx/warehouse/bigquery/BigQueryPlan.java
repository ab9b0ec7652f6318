package ml.bqx.warehouse.bigquery;

import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.Wave;

/**
 * What an extraction from BigQuery is to read.
 *
 * @param catalog the pair's groups, their tables' times of change not later than the snapshot
 * @param groups the tables of the catalog's feature groups, in its order
 */
public record BigQueryPlan(
    ExtractConfig config, Catalog catalog, BigQueryTable targets, List<BigQueryTable> groups) {
  public BigQueryPlan {
    groups = List.copyOf(groups);
  }

  /**
   * Looks at the tables of a catalog.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each that cannot be read
   */
  public static BigQueryPlan of(
      ExtractConfig config, Catalog catalog, BigQueryWarehouse warehouse) {
    List<BigQueryTable> tables = warehouse.describe(catalog);
    BigQueryTable targets = tables.get(0);
    List<BigQueryTable> groups = tables.subList(1, tables.size());
    Catalog described =
        new Catalog(
            catalog.pair(),
            targets.group(),
            groups.stream().map(BigQueryTable::group).toList(),
            catalog.skipped());
    return new BigQueryPlan(config, described, targets, groups);
  }

  /** The feature groups of a wave. */
  public List<BigQueryTable> groups(Wave wave) {
    return groups.stream().filter(table -> wave.contains(table.group().table().name())).toList();
  }
}
