package ml.bqx.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.StatisticsEntry;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.Failure;
import ml.bqx.storage.Storage;
import ml.bqx.storage.TemporaryFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows other runs that a merge uses the checkpoints of an extraction, so that none deletes them
 * meanwhile; and deletes them, if the merge is told to.
 *
 * <p>A merge that may not write beside the checkpoints cannot show it. It merges all the same.
 */
public final class CheckpointUse implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointUse.class);

  private final Storage storage;
  private final MergeConfig config;
  private final Optional<TemporaryFiles> files;

  private CheckpointUse(Storage storage, MergeConfig config, Optional<TemporaryFiles> files) {
    this.storage = storage;
    this.config = config;
    this.files = files;
  }

  /**
   * Begins to use the checkpoints; those of other tools are never deleted.
   *
   * @throws ml.bqx.failure.InvalidInputException when another run is deleting them
   */
  static CheckpointUse of(Storage storage, MergeConfig config) throws IOException {
    String directory = config.checkpointDirectory();
    if (storage.status(Manifest.path(directory)).isEmpty()) {
      return new CheckpointUse(storage, config, Optional.empty());
    }

    return new CheckpointUse(storage, config, TemporaryFiles.openToRead(storage, directory));
  }

  /** Leaves the checkpoints to a job that goes on when this process ends. */
  void leaveTo(String workspace) throws IOException {
    if (files.isPresent()) {
      files.get().leaveTo(job(workspace));
    }
  }

  private static String job(String workspace) {
    return workspace.substring(workspace.lastIndexOf('/') + 1);
  }

  /**
   * Ends the use by a job that has published the training file, and deletes the checkpoints if it
   * was told to.
   *
   * @param workspace the directory that was left to the job
   * @param manifest fingerprint of the manifest that the merge was planned with
   */
  public static void endJob(Storage storage, MergeConfig config, String workspace, String manifest)
      throws IOException {
    String directory = config.checkpointDirectory();
    TemporaryFiles.endJob(storage, directory, job(workspace));
    if (config.deleteCheckpoints()) {
      try (CheckpointUse use = of(storage, config)) {
        LOG.info("{}: checkpoints deleted: {}", config.pair(), use.delete(manifest));
      }
    }
  }

  /**
   * Deletes the checkpoints, if the training file that was published is made of them as they are
   * and no other run uses them. A failure does not take the training file back, so it is only told.
   *
   * @param manifest fingerprint of the manifest that the merge was planned with
   * @return how many, in words
   */
  String delete(String manifest) {
    try {
      Optional<Closeable> deletion = files.isPresent() ? files.get().deletion() : Optional.empty();
      if (deletion.isEmpty()) {
        return "none (%s)"
            .formatted(
                files.isPresent() ? "another run uses them" : "they are gone or cannot be written");
      }

      try (Closeable sign = deletion.get()) {
        Optional<Manifest> current =
            Manifest.read(storage, config.checkpointDirectory())
                .filter(found -> found.fingerprint().equals(manifest));
        if (current.isEmpty()) {
          return "none (an extraction has replaced them)";
        }

        delete(current.get());
        return "%,d".formatted(current.get().checkpoints().size());
      }
    } catch (IOException | Failure e) {
      LOG.warn("Cannot delete the checkpoints of {}", config.pair(), e);
      return "not all (%s); an extraction completes them again".formatted(e.getMessage());
    }
  }

  /**
   * The manifest goes first: without it no merge takes what is left for a whole set, and an
   * extraction makes again what is missing. The records go last: while they are there, nobody takes
   * what is left for the files of another tool.
   */
  private void delete(Manifest manifest) throws IOException {
    String directory = config.checkpointDirectory();
    Manifest.withdraw(storage, directory);
    storage.delete(manifest.checkpointPaths(directory));
    storage.delete(List.of(StatisticsEntry.path(directory)));
    boolean others =
        storage.list(directory).stream()
            .anyMatch(file -> CheckpointNames.table(file.name()).isPresent());
    if (!others) {
      CheckpointNames.end(storage, directory, manifest.recordPaths(directory));
    }
  }

  /** Ends the use; what cannot be deleted then is deleted by the next run. */
  @Override
  public void close() {
    try {
      if (files.isPresent()) {
        files.get().close();
      }
    } catch (IOException | Failure e) {
      LOG.debug("Cannot clean up beside the checkpoints", e);
    }
  }
}
