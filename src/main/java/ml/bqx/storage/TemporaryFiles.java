package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The directory of a pair's files that are not whole yet, which all extractions of the pair share
 * that run at the same time. What runs that were killed left there is deleted, as soon as no other
 * run is at work.
 *
 * <p>Each run holds a {@linkplain Storage#lease lease}. On Cloud Storage, where a job may go on
 * after the run that submitted it, only what is old is deleted.
 */
public final class TemporaryFiles implements Closeable {
  private static final String LEASE = "run-";

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

  /** Begins a run that writes below the directory of a pair's checkpoints. */
  public static TemporaryFiles open(Storage storage, String checkpoints) throws IOException {
    TemporaryFiles files = new TemporaryFiles(storage, checkpoints + "/" + Storage.TEMPORARY);
    try {
      files.deleteLeftOvers();
      return files;
    } catch (IOException | RuntimeException e) {
      files.lease.close();
      throw e;
    }
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
      if (file.name().startsWith(LEASE) && storage.isLeased(file.path())) {
        return;
      }
    }

    storage.delete(found.stream().map(FileStatus::path).toList());
  }
}
