package ml.bqx.merge.plan;

import com.google.common.base.Throwables;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.storage.Storage;

/**
 * Explains why checkpoints do not match their manifest: an extraction replaced them during the
 * merge, or they were damaged.
 */
public final class ChangedCheckpoints {
  private ChangedCheckpoints() {}

  /** Work that may throw what a merge throws. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Does work that reads the checkpoints of a manifest.
   *
   * @param manifest its fingerprint; {@code none} in a foreign set, about which nothing more is
   *     known
   * @throws InvalidInputException in place of the work's exception, when the checkpoints are the
   *     cause
   */
  public static <T> T explain(Storage storage, MergeConfig config, String manifest, Work<T> work)
      throws IOException {
    try {
      return work.run();
    } catch (IOException | RuntimeException e) {
      Optional<Throwable> cause =
          Throwables.getCausalChain(e).stream()
              .filter(ChangedCheckpoints::mayBeOfCheckpoints)
              .findFirst();
      if (cause.isEmpty() || manifest.equals(FooterKeys.NO_MANIFEST)) {
        throw e;
      }

      String directory = config.checkpointDirectory();
      if (!isCurrent(storage, directory, manifest)) {
        throw new InvalidInputException(
            "Cannot merge %s: an extraction replaced its checkpoints during the merge; nothing was published, merge again when the extraction has ended (%s)"
                .formatted(directory, cause.get().getMessage()),
            e);
      } else if (cause.get() instanceof InvalidParquetException damaged) {
        throw new InvalidInputException(
            "%s; the file is damaged, or not the one that was extracted; run the extraction again, only such checkpoints are extracted again"
                .formatted(damaged.getMessage()),
            e);
      }

      throw e;
    }
  }

  private static boolean mayBeOfCheckpoints(Throwable thrown) {
    return thrown instanceof InvalidParquetException
        || thrown instanceof InvalidInputException
        || thrown instanceof EOFException
        || thrown instanceof FileNotFoundException
        || thrown instanceof NoSuchFileException;
  }

  private static boolean isCurrent(Storage storage, String directory, String manifest)
      throws IOException {
    try {
      return Manifest.read(storage, directory)
          .filter(current -> current.fingerprint().equals(manifest))
          .isPresent();
    } catch (InvalidInputException e) {
      // Another one is being written, or it is damaged now: not the one that was merged.
      return false;
    }
  }
}
