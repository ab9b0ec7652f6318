package ml.bqx.extract;

import java.io.Serializable;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.cli.Summary;
import ml.bqx.config.ExtractConfig;
import ml.bqx.config.Wave;
import ml.bqx.failure.Listing;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Discovery;
import ml.bqx.warehouse.WarehouseReader;

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

  /** What a warehouse has for it, and what reads that. */
  static ExtractionPlan of(
      Storage storage, ExtractConfig config, Discovery found, WarehouseReader reader) {
    return new ExtractionPlan(
        storage, found.complete(config), found.catalog(), found.tables(), reader);
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
