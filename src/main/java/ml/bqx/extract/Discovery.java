package ml.bqx.extract;

import ml.bqx.catalog.Catalog;
import ml.bqx.options.ExtractConfig;
import ml.bqx.warehouse.Warehouse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a warehouse which feature groups make up a pair's training set. */
public final class Discovery {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  private Discovery() {}

  /**
   * The catalog of the configured pair, logged with what is left out.
   *
   * @throws ml.bqx.failure.InvalidInputException when the tables do not make a training set
   */
  public static Catalog discover(Warehouse warehouse, ExtractConfig config) {
    Catalog catalog =
        warehouse.catalog(
            config.pair(),
            config.featuresDataset(),
            config.analyticsDataset(),
            config.groups(),
            config.onUnsupportedType());
    LOG.info(
        "{}: {} feature groups with {} features, {} targets; left out: {}",
        config.pair(),
        catalog.groups().size(),
        catalog.featureCount(),
        catalog.targetCount(),
        catalog.skippedInWords());
    return catalog;
  }
}
