package ml.bqx.extract;

import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ExtractConfig;

/**
 * The rows of targets that are kept, and the spine that they make.
 *
 * @param complete the rows inside the dates that have all targets
 * @param incomplete rows inside the dates that were left out for a null
 */
record Targets(ColumnBatch complete, Spine spine, long incomplete) {
  /**
   * Picks the rows.
   *
   * @param all the table's rows inside the dates
   * @throws InvalidInputException when none has all targets
   */
  static Targets of(ExtractConfig config, FeatureGroup group, ColumnBatch all) {
    ColumnBatch complete = all.complete(TimeRange.of(config.dates()));
    Spine spine = Spine.of(complete.timestamps(), config.limit());
    if (spine.rows() == 0) {
      throw new InvalidInputException(
          "Cannot make a spine: table %s has %,d rows in the date range, none with all %d targets"
              .formatted(group.table().qualifiedName(), all.rows(), group.columns().size()));
    }

    return new Targets(complete, spine, (long) all.rows() - complete.rows());
  }
}
