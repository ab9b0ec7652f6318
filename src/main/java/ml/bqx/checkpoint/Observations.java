package ml.bqx.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What observers kept about checkpoints when they were made. */
public final class Observations {
  private static final Logger LOG = LoggerFactory.getLogger(Observations.class);

  private Observations() {}

  /** All that there are of a directory's checkpoints. */
  public static List<String> paths(Storage storage, String directory) throws IOException {
    return storage.list(folder(directory)).stream().map(FileStatus::path).toList();
  }

  /** Deletes all that there are, and the file that was made of them. */
  public static void deleteAll(Storage storage, String directory) throws IOException {
    storage.delete(List.of(directory + "/" + StatisticsEntry.FILE_NAME));
    storage.delete(paths(storage, directory));
    storage.deleteIfEmpty(folder(directory));
  }

  /** Writes what is kept about a checkpoint, whole or not at all. */
  public static void write(
      Storage storage, String directory, CheckpointEntry entry, Object observation)
      throws IOException {
    storage.commit(
        directory, CheckpointNames.observation(directory, entry), Json.record(observation));
  }

  private static String folder(String directory) {
    return directory + "/" + CheckpointNames.OBSERVATIONS;
  }

  /**
   * Reads what was kept about a checkpoint, or about an earlier one of the same table; empty when
   * there is nothing that can be read.
   */
  public static <T> Optional<T> read(
      Storage storage, String directory, CheckpointEntry entry, Class<T> type) throws IOException {
    String path = CheckpointNames.observation(directory, entry);
    try {
      return storage.readIfThere(path).map(json -> Json.parse(path, json, "extract again", type));
    } catch (InvalidInputException e) {
      LOG.debug("Damaged, or of another version", e);
      return Optional.empty();
    }
  }
}
