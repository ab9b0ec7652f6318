package ml.bqx.quality.statistics;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;

/**
 * A training set whose statistics are known: checkpoints, or a training file.
 *
 * @param location directory of a pair's checkpoints, or training file
 * @param rows of the spine
 * @param first its first timestamp, ISO 8601
 * @param last its last timestamp, ISO 8601
 * @param made what made it, and when or from what
 * @param statistics of all columns
 * @param isTrainingFile whether it is a training file, and not a directory of checkpoints
 */
public record QualitySource(
    String location,
    long rows,
    String first,
    String last,
    String made,
    PairStatistics statistics,
    boolean isTrainingFile) {
  /** How the name of a training file ends; everything else is a directory. */
  private static final String FILE_ENDING = ".parquet";

  /**
   * Reads the statistics of checkpoints, or makes those of a training file.
   *
   * @param location a directory of a pair's checkpoints with a manifest, or a training file
   * @throws InvalidInputException when it is neither
   */
  public static QualitySource of(Storage storage, String location) throws IOException {
    return location.endsWith(FILE_ENDING)
        ? ofTrainingFile(storage, location)
        : ofCheckpoints(storage, location);
  }

  /** The same rows with some of the columns, and the groups that these are in. */
  public QualitySource only(Set<String> columns) {
    return new QualitySource(
        location, rows, first, last, made, statistics.only(columns), isTrainingFile);
  }

  private static QualitySource ofCheckpoints(Storage storage, String directory) throws IOException {
    Manifest manifest =
        Manifest.read(storage, directory)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Cannot read statistics: there is no %s in %s; name the directory of a pair's checkpoints (run the extraction first), or a training file"
                            .formatted(Manifest.FILE_NAME, directory)));
    return new QualitySource(
        directory,
        manifest.spine().rows(),
        manifest.spine().first(),
        manifest.spine().last(),
        "%s, of %s%s".formatted(manifest.tool(), manifest.warehouse(), floats(manifest)),
        PairStatistics.of(storage, directory, manifest),
        false);
  }

  private static String floats(Manifest manifest) {
    return manifest.floatType() == null
        ? ""
        : "; FLOAT64 columns are stored as %s (%s)"
            .formatted(manifest.floatType(), manifest.asFloats().ofFloatsInWords());
  }

  /**
   * Makes the statistics of a training file.
   *
   * @throws InvalidInputException when there is none
   */
  public static QualitySource ofTrainingFile(Storage storage, String path) throws IOException {
    if (storage.status(path).isEmpty()) {
      throw new InvalidInputException("Cannot read %s: no such file".formatted(path));
    }

    PairStatistics statistics = PairStatistics.ofTrainingFile(storage, path);
    Optional<TrainingCard> card = TrainingCard.read(storage, path);
    try (ParquetFile file = storage.open(path)) {
      long[] times = ((ColumnVector.Longs) file.reader().read(file.footer(), 0)).values();
      return new QualitySource(
          path,
          times.length,
          times.length == 0 ? "" : Spine.text(times[0]),
          times.length == 0 ? "" : Spine.text(times[times.length - 1]),
          card.map(known -> "%s, %s".formatted(known.tool(), known.published())).orElse(""),
          statistics,
          true);
    }
  }
}
