package ml.bqx.verify;

import java.io.Serializable;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.DateRange;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.config.Locations;
import ml.bqx.failure.InvalidInputException;

/**
 * One comparison of a training file with its warehouse, validated; made by {@link #from}.
 *
 * @param dates the days that were extracted
 * @param groups glob over the names of groups and tables, of those that were extracted
 * @param limit rows of the spine that were extracted, from its start; 0 for all
 * @param output directory of the training file; no slash at its end
 */
public record VerifyConfig(
    Pair pair,
    EmbeddedFile warehouse,
    String featuresDataset,
    String analyticsDataset,
    DateRange dates,
    String groups,
    long limit,
    String output)
    implements Serializable {

  /**
   * Validates the options.
   *
   * @throws InvalidInputException with a line for each option that is wrong
   */
  public static VerifyConfig from(VerifyOptions options) {
    Checks checks = new Checks();
    VerifyConfig config =
        new VerifyConfig(
            checks.pair(options.getPair()),
            checks.embeddedFile(options.getWarehouse()),
            checks.dataset("featuresDataset", options.getFeaturesDataset()),
            checks.dataset("analyticsDataset", options.getAnalyticsDataset()),
            DateRange.from(options.getStartDate(), options.getEndDate(), checks),
            checks.glob("groups", options.getGroups()),
            checks.notNegative("limit", options.getLimit()),
            checks.localDirectory("output", options.getOutput()));
    checks.throwIfAny();
    return config;
  }

  /** The file that is compared. */
  public String trainingFile() {
    return Locations.trainingFile(output, pair);
  }
}
