package ml.bqx.warehouse;

import java.io.Serializable;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.Json;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a warehouse has for an extraction.
 *
 * @param catalog the pair's groups, with their tables' times of change
 * @param tables the tables of the catalog: the targets first, then the feature groups in its order
 */
public record Discovery(Catalog catalog, List<DiscoveredTable> tables) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  /**
   * Asks a warehouse which feature groups make up the pair's training set; what is left out is
   * logged.
   *
   * @throws ml.bqx.failure.InvalidInputException when the tables do not make a training set
   * @throws ml.bqx.failure.InvalidInputException with a line for each table that cannot be read
   */
  public static Discovery of(ExtractConfig config, Warehouse warehouse) {
    Catalog catalog =
        warehouse.catalog(
            config.pair(),
            config.featuresDataset(),
            config.analyticsDataset(),
            config.groups(),
            config.onUnsupportedType());
    checkNumber(config, catalog.all().size());
    List<DiscoveredTable> tables = warehouse.describe(catalog);
    Catalog described =
        new Catalog(
            catalog.pair(),
            tables.get(0).group(),
            tables.stream().skip(1).map(DiscoveredTable::group).toList(),
            catalog.skipped(),
            catalog.asDoubles());
    Discovery found = new Discovery(described, tables);
    found.log();
    return found;
  }

  private void log() {
    LOG.info(
        "{}: {} feature groups with {} features, {} targets; left out: {}; read as doubles: {}",
        catalog.pair(),
        catalog.groups().size(),
        catalog.featureCount(),
        catalog.targetCount(),
        catalog.skippedInWords(),
        catalog.asDoublesInWords());
  }

  /** What {@link #parse} reads, for others that extract as of the same moment. */
  public byte[] json() {
    return Json.record(this);
  }

  /**
   * What was found elsewhere.
   *
   * @param path for messages
   * @throws InvalidInputException when it is something else, or of another pair
   */
  public static Discovery parse(String path, byte[] json, ExtractConfig config) {
    Discovery found =
        Json.parse(path, json, "launch again, or extract without --discovery", Discovery.class);
    if (!found.catalog().pair().equals(config.pair())) {
      throw new InvalidInputException(
          "Cannot extract %s with --discovery=%s: it is of %s"
              .formatted(config.pair(), path, found.catalog().pair()));
    }

    found.log();
    checkNumber(config, found.catalog().all().size());
    return found;
  }

  /** A configuration with what depends on the number of columns. */
  public ExtractConfig complete(ExtractConfig config) {
    // The key is one, too.
    return config.forColumns(1 + catalog.featureCount() + catalog.targetCount());
  }

  private static void checkNumber(ExtractConfig config, int found) {
    if (config.expectedCheckpoints() != 0 && config.expectedCheckpoints() != found) {
      throw new InvalidInputException(
          "Cannot extract %s: the warehouse has %,d tables of it, targets included, and --expectedCheckpoints=%d requires another number; look at the tables and at --groups, or set it to 0"
              .formatted(config.pair(), found, config.expectedCheckpoints()));
    }
  }

  /**
   * Values that an extraction reads if nothing is there yet, timestamps included. Nobody counts the
   * rows of views: they are taken for those of the largest table.
   *
   * @param rowsOfViews rows of a view when there are views only
   */
  public double values(long rowsOfViews) {
    long most =
        tables.stream()
            .mapToLong(DiscoveredTable::rows)
            .filter(rows -> rows != DiscoveredTable.UNKNOWN_ROWS)
            .max()
            .orElse(rowsOfViews);
    return tables.stream()
        .mapToDouble(
            table ->
                (double) (table.rows() == DiscoveredTable.UNKNOWN_ROWS ? most : table.rows())
                    * (1 + table.group().columns().size()))
        .sum();
  }
}
