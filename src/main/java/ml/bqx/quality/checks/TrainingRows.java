package ml.bqx.quality.checks;

import java.io.IOException;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingSplits;

/**
 * The rows of a training file that a model learns from: what only the others show must not decide
 * about its features.
 *
 * @param from the first row, counted from 0
 * @param to the row behind the last one
 */
record TrainingRows(int from, int to) {
  /** Those of the first part of a file that is split, else all. */
  static TrainingRows of(Storage storage, QualitySource source) throws IOException {
    try (ParquetFile file = storage.open(source.location())) {
      String splits = file.footer().keyValues().get(FooterKeys.SPLITS);
      if (splits != null) {
        TrainingSplits known = Json.ofLine(FooterKeys.SPLITS, splits, TrainingSplits.class);
        if (!known.parts().isEmpty()) {
          TrainingSplits.Rows rows = known.parts().get(0).rows();
          return new TrainingRows(rows.from(), rows.to());
        }
      }

      return new TrainingRows(0, (int) source.rows());
    }
  }
}
