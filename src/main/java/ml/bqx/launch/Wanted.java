package ml.bqx.launch;

import ml.bqx.config.ExtractConfig;
import ml.bqx.cost.PairSize;
import ml.bqx.warehouse.Discovery;

/**
 * What an extraction would make now.
 *
 * @param config of the extraction that the jobs would run
 * @param found the tables that there are
 */
public record Wanted(ExtractConfig config, Discovery found) {
  /** Values that it would read, timestamps included. */
  double values() {
    return found.values(PairSize.FULL.rows());
  }
}
