package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);

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
      files.deleteLeftOvers(files.listUnlessDeleted());
      return files;
    } catch (IOException | RuntimeException e) {
      files.giveUp();
      throw e;
    }
  }

  /**
   * Begins a run that reads the checkpoints.
   *
   * @return empty when it may not write beside them, so that others do not see it
   * @throws InvalidInputException when they are being deleted
   */
  public static Optional<TemporaryFiles> openToRead(Storage storage, String checkpoints)
      throws IOException {
    String directory = directory(checkpoints);
    TemporaryFiles files;
    try {
      files = new TemporaryFiles(storage, directory);
    } catch (IOException | Failure e) {
      LOG.debug("Other runs do not see that this one uses {}", checkpoints, e);
      // No file of its own tells the storage's time.
      checkNotDeleted(storage, storage.list(directory, DELETION), Instant.now());
      return Optional.empty();
    }

    try {
      files.tryDeleteLeftOvers(files.listUnlessDeleted());
      return Optional.of(files);
    } catch (IOException | RuntimeException e) {
      files.giveUp();
      throw e;
    }
  }

  private static String directory(String checkpoints) {
    return checkpoints + "/" + Storage.TEMPORARY;
  }

  private void giveUp() throws IOException {
    lease.close();
    storage.deleteIfEmpty(directory);
  }

  private List<FileStatus> listUnlessDeleted() throws IOException {
    List<FileStatus> found = storage.list(directory);
    checkNotDeleted(storage, found, Storage.now(found, leaseFile));
    return found;
  }

  private static void checkNotDeleted(Storage storage, List<FileStatus> found, Instant now)
      throws IOException {
    Instant dead = now.minus(DELETED_WITHIN);
    for (FileStatus file : found) {
      if (file.name().startsWith(DELETION)
          && file.modified().isAfter(dead)
          && storage.isLeased(file.path(), now)) {
        throw new InvalidInputException(
            "Cannot use the checkpoints in %s: a merge with --deleteCheckpoints is deleting them; extract them again in a few minutes (%s)"
                .formatted(
                    file.path().substring(0, file.path().lastIndexOf("/" + Storage.TEMPORARY)),
                    file.path()));
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
    List<FileStatus> runs = storage.list(directory, LEASE);
    Instant now = Storage.now(runs, leaseFile);
    for (FileStatus file : runs) {
      if (!file.path().equals(leaseFile) && storage.isLeased(file.path(), now)) {
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
      deleteLeftOvers(storage.list(directory));
    } finally {
      lease.close();
    }

    storage.deleteIfEmpty(directory);
  }

  /** What this run may not delete stays for one that may. */
  private void tryDeleteLeftOvers(List<FileStatus> listed) {
    try {
      deleteLeftOvers(listed);
    } catch (IOException | Failure e) {
      LOG.debug("Cannot clean up in {}", directory, e);
    }
  }

  /**
   * Deletes what no run needs.
   *
   * @param listed before it looks for others: a file that another run made later is not in it
   */
  private void deleteLeftOvers(List<FileStatus> listed) throws IOException {
    Instant now = Storage.now(listed, leaseFile);
    Instant old = now.minus(OLD);
    boolean local = Storage.isLocal(directory);
    List<FileStatus> found =
        listed.stream()
            .filter(file -> !file.path().equals(leaseFile))
            .filter(file -> local || file.modified().isBefore(old))
            .toList();
    for (FileStatus file : found) {
      boolean lives = file.name().startsWith(LEASE) || file.name().startsWith(DELETION);
      if (lives && storage.isLeased(file.path(), now)) {
        return;
      }
    }

    storage.delete(found.stream().map(FileStatus::path).toList());
  }
}
