package ml.bqx.extract;

import java.io.Serializable;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.cli.Summary;
import ml.bqx.config.ExtractConfig;
import ml.bqx.config.Wave;
import ml.bqx.cost.PairSize;
import ml.bqx.failure.Listing;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.WarehouseReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an extraction reads, and where it writes.
 *
 * @param storage where the checkpoints go
 * @param catalog the pair's groups, with their tables' times of change
 * @param tables the tables of the catalog: the targets first, then the feature groups in its order
 * @param reader what reads the tables in workers
 */
public record ExtractionPlan(
    Storage storage,
    ExtractConfig config,
    Catalog catalog,
    List<DiscoveredTable> tables,
    WarehouseReader reader)
    implements Serializable {
  private static final int MOST_NAMES = 3;

  private static final Logger LOG = LoggerFactory.getLogger(ExtractionPlan.class);

  /**
   * Asks a warehouse which feature groups make up the pair's training set; what is left out is
   * logged.
   *
   * @throws ml.bqx.failure.InvalidInputException when the tables do not make a training set
   * @throws ml.bqx.failure.InvalidInputException with a line for each table that cannot be read
   */
  public static ExtractionPlan of(Storage storage, ExtractConfig config, Warehouse warehouse) {
    Catalog catalog =
        warehouse.catalog(
            config.pair(),
            config.featuresDataset(),
            config.analyticsDataset(),
            config.groups(),
            config.onUnsupportedType());
    LOG.info(
        "{}: {} feature groups with {} features, {} targets; left out: {}; read as doubles: {}",
        config.pair(),
        catalog.groups().size(),
        catalog.featureCount(),
        catalog.targetCount(),
        catalog.skippedInWords(),
        catalog.asDoublesInWords());
    List<DiscoveredTable> tables = warehouse.describe(catalog);
    Catalog described =
        new Catalog(
            catalog.pair(),
            tables.get(0).group(),
            tables.stream().skip(1).map(DiscoveredTable::group).toList(),
            catalog.skipped(),
            catalog.asDoubles());
    return new ExtractionPlan(storage, config, described, tables, warehouse.reader());
  }

  /**
   * Values that it reads if nothing is there yet, timestamps included. Nobody counts the rows of
   * views: they are taken for those of the largest table.
   */
  public double values() {
    long most =
        tables.stream()
            .mapToLong(DiscoveredTable::rows)
            .filter(rows -> rows != DiscoveredTable.UNKNOWN_ROWS)
            .max()
            .orElse(PairSize.FULL.rows());
    return tables.stream()
        .mapToDouble(
            table ->
                (double) (table.rows() == DiscoveredTable.UNKNOWN_ROWS ? most : table.rows())
                    * (1 + table.group().columns().size()))
        .sum();
  }

  /** The table of targets. */
  DiscoveredTable targets() {
    return tables.get(0);
  }

  /** Adds to a summary the rows that row access policies hide, if there are any. */
  Summary withHiddenRows(Summary summary) {
    List<DiscoveredTable> filtered =
        tables.stream().filter(table -> table.hiddenRows() > 0).toList();
    return filtered.isEmpty()
        ? summary
        : summary.add(
            "rows hidden by row access policies",
            "%,d of %s"
                .formatted(
                    filtered.stream().mapToLong(DiscoveredTable::hiddenRows).sum(),
                    Listing.inWords(
                        filtered.stream().map(DiscoveredTable::name).toList(), MOST_NAMES)));
  }

  /** The tables of the feature groups of a wave. */
  List<DiscoveredTable> groups(Wave wave) {
    return tables.stream()
        .skip(1)
        .filter(table -> wave.contains(table.group().table().name()))
        .toList();
  }
}
