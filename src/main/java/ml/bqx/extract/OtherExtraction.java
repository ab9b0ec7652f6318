package ml.bqx.extract;

import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;

/** What a run says that finds its checkpoints replaced by another extraction of the pair. */
final class OtherExtraction {
  private OtherExtraction() {}

  static InvalidInputException replaces(ExtractConfig config) {
    return new InvalidInputException(
        "Cannot complete the extraction of %s: another extraction of the pair, which began later or with other options, replaces its checkpoints in %s; wait until that one has ended, then run again"
            .formatted(config.pair(), config.checkpointDirectory()));
  }
}
