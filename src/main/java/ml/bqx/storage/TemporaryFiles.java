package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ml.bqx.failure.InvalidInputException;

/**
 * The directory of a pair's files that are not whole yet, which all runs share that write or read
 * the pair's checkpoints at the same time. What runs that were killed left there is deleted, as
 * soon as no other run is at work.
 *
 * <p>Each run holds a {@linkplain Storage#lease lease}. On Cloud Storage, where a job may go on
 * after the run that submitted it, only what is old is deleted.
 *
 * <p>A run that is about to delete the checkpoints holds another lease. It writes it first and then
 * looks for runs, and a run does it the other way round: of two that begin at the same moment, at
 * least one sees the other.
 */
public final class TemporaryFiles implements Closeable {
  private static final String LEASE = "run-";

  /** How the names of leases begin that runs hold while they delete the checkpoints. */
  private static final String DELETION = "delete-";

  /** Much longer than it takes to delete a pair's checkpoints: a run that held it was killed. */
  private static final Duration DELETED_WITHIN = Duration.ofMinutes(15);

  /** On Cloud Storage a file is renamed within minutes of its appearance. */
  private static final Duration OLD = Duration.ofDays(1);

  private final Storage storage;
  private final String directory;
  private final String leaseFile;
  private final Closeable lease;

  private TemporaryFiles(Storage storage, String directory) throws IOException {
    this.storage = storage;
    this.directory = directory;
    this.leaseFile = "%s/%s%s".formatted(directory, LEASE, UUID.randomUUID());
    this.lease = storage.lease(leaseFile);
  }

  /**
   * Begins a run that writes below the directory of a pair's checkpoints, or reads them.
   *
   * @throws InvalidInputException when they are being deleted
   */
  public static TemporaryFiles open(Storage storage, String checkpoints) throws IOException {
    TemporaryFiles files = new TemporaryFiles(storage, directory(checkpoints));
    try {
      checkNotDeleted(storage, checkpoints);
      files.deleteLeftOvers();
      return files;
    } catch (IOException | RuntimeException e) {
      files.lease.close();
      throw e;
    }
  }

  private static String directory(String checkpoints) {
    return checkpoints + "/" + Storage.TEMPORARY;
  }

  /**
   * Makes sure that no run is deleting the checkpoints.
   *
   * @throws InvalidInputException when one is
   */
  public static void checkNotDeleted(Storage storage, String checkpoints) throws IOException {
    Instant dead = Instant.now().minus(DELETED_WITHIN);
    for (FileStatus file : storage.list(directory(checkpoints), DELETION)) {
      if (file.modified().isAfter(dead) && storage.isLeased(file.path())) {
        throw new InvalidInputException(
            "Cannot use the checkpoints in %s: a merge with --deleteCheckpoints is deleting them; extract them again in a few minutes (%s)"
                .formatted(checkpoints, file.path()));
      }
    }
  }

  /**
   * Begins to delete the checkpoints; until the result is closed no other run begins to use them.
   *
   * @return empty when another run uses them
   */
  public Optional<Closeable> deletion() throws IOException {
    Closeable deletion = storage.lease("%s/%s%s".formatted(directory, DELETION, UUID.randomUUID()));
    for (FileStatus file : storage.list(directory, LEASE)) {
      if (!file.path().equals(leaseFile) && storage.isLeased(file.path())) {
        deletion.close();
        return Optional.empty();
      }
    }

    return Optional.of(deletion);
  }

  /**
   * Shows other runs that a job uses the checkpoints, for some hours or until {@link #endJob}.
   *
   * @param job a name of its own
   */
  public void leaveTo(String job) throws IOException {
    storage.create(sign(directory, job)).close();
  }

  /** Takes away what {@link #leaveTo} left. */
  public static void endJob(Storage storage, String checkpoints, String job) throws IOException {
    storage.delete(List.of(sign(directory(checkpoints), job)));
  }

  private static String sign(String directory, String job) {
    return "%s/%sjob-%s".formatted(directory, LEASE, job);
  }

  /** Ends the run; the last one of several takes the directory away. */
  @Override
  public void close() throws IOException {
    try {
      deleteLeftOvers();
    } finally {
      lease.close();
    }

    storage.deleteIfEmpty(directory);
  }

  /** Lists before it looks for others: a file that another run made is not in the list then. */
  private void deleteLeftOvers() throws IOException {
    List<FileStatus> found =
        storage.list(directory).stream().filter(file -> !file.path().equals(leaseFile)).toList();
    Instant old = Instant.now().minus(OLD);
    if (!Storage.isLocal(directory)) {
      found = found.stream().filter(file -> file.modified().isBefore(old)).toList();
    }

    for (FileStatus file : found) {
      boolean lives = file.name().startsWith(LEASE) || file.name().startsWith(DELETION);
      if (lives && storage.isLeased(file.path())) {
        return;
      }
    }

    storage.delete(found.stream().map(FileStatus::path).toList());
  }
}
