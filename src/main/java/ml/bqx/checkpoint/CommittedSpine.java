package ml.bqx.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.VectorConcatenation;
import ml.bqx.storage.Storage;

/** Reads the spine from the checkpoint of the targets, whose rows are the spine. */
public final class CommittedSpine {
  /** Position of the key column in a checkpoint. */
  private static final int KEY = 0;

  private CommittedSpine() {}

  /** Reads the spine of an extraction whose targets are committed. */
  public static Spine read(Storage storage, ExtractConfig config) throws IOException {
    return read(storage, config.checkpointDirectory());
  }

  /** Reads the spine of the checkpoints in a directory, whose targets are committed. */
  public static Spine read(Storage storage, String directory) throws IOException {
    List<ColumnVector> keys =
        readTargets(storage, directory, (file, targets) -> file.reader().read(file.footer(), KEY));
    return Spine.of(((ColumnVector.Longs) VectorConcatenation.of(keys)).values(), 0);
  }

  /** What is read from one file of the targets' checkpoint. */
  @FunctionalInterface
  interface Reading<T> {
    /** Reads it. */
    T from(ParquetFile file, CheckpointEntry targets) throws IOException;
  }

  /**
   * Reads from every file of the targets' checkpoint, in the order of the spine.
   *
   * @throws InvalidInputException when they are gone or not those that were committed
   */
  static <T> List<T> readTargets(Storage storage, String directory, Reading<T> reading)
      throws IOException {
    List<T> results = new ArrayList<>();
    try {
      CheckpointEntry targets = CommitRecord.of(storage, directory, CheckpointNames.TARGETS).read();
      for (CheckpointFile shard : targets.files()) {
        String path = directory + "/" + shard.name();
        try (ParquetFile file = storage.open(path, Optional.of(shard.checksums()))) {
          results.add(reading.from(file, targets));
        }
      }
    } catch (NoSuchFileException | FileNotFoundException | InvalidParquetException e) {
      throw new InvalidInputException(
          "Cannot read the targets in %s: they are not those that were committed (%s); if another extraction of the pair is running, wait until it has ended, then run again"
              .formatted(
                  directory,
                  e instanceof InvalidParquetException
                      ? e.getMessage()
                      : ServiceException.reason(e)),
          e);
    }

    return results;
  }
}
