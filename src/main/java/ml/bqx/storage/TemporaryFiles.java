package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The directory of a pair's files that are not whole yet, which all extractions of the pair share
 * that run at the same time. What runs that were killed left there is deleted, as soon as no other
 * run is at work.
 *
 * <p>On a local file system each run holds a lock on a file of its own, which the system takes back
 * when the run dies. On Cloud Storage there are no locks; there, what is old is deleted.
 */
public final class TemporaryFiles implements Closeable {
  private static final String LOCK = "run-";

  /** On Cloud Storage a file is renamed within minutes of its appearance. */
  private static final Duration OLD = Duration.ofDays(1);

  private final Storage storage;
  private final String directory;
  private final @Nullable Path lockFile;
  private final @Nullable FileChannel lock;

  private TemporaryFiles(
      Storage storage, String directory, @Nullable Path lockFile, @Nullable FileChannel lock) {
    this.storage = storage;
    this.directory = directory;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** Begins a run that writes below the directory of a pair's checkpoints. */
  public static TemporaryFiles open(Storage storage, String checkpoints) throws IOException {
    String directory = checkpoints + "/" + Storage.TEMPORARY;
    if (!Storage.isLocal(directory)) {
      Instant old = Instant.now().minus(OLD);
      storage.delete(
          storage.list(directory).stream()
              .filter(file -> file.modified().isBefore(old))
              .map(FileStatus::path)
              .toList());
      return new TemporaryFiles(storage, directory, null, null);
    }

    Path lockFile = Path.of(directory, LOCK + UUID.randomUUID());
    Files.createDirectories(lockFile.getParent());
    FileChannel lock =
        FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    TemporaryFiles files = new TemporaryFiles(storage, directory, lockFile, lock);
    files.deleteLeftOvers();
    return files;
  }

  /** Ends the run; the last one of several takes the directory away. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      deleteLeftOvers();
      lock.close();
      Files.deleteIfExists(lockFile);
      storage.deleteIfEmpty(directory);
    }
  }

  /** Lists before it looks for others: a file that another run made is not in the list then. */
  private void deleteLeftOvers() throws IOException {
    List<Path> found =
        storage.list(directory).stream()
            .map(file -> Path.of(file.path()))
            .filter(file -> !file.equals(lockFile))
            .toList();
    for (Path file : found) {
      if (file.getFileName().toString().startsWith(LOCK) && isHeld(file)) {
        return;
      }
    }

    for (Path file : found) {
      Files.deleteIfExists(file);
    }
  }

  /** Whether the run that made a lock file lives. */
  private static boolean isHeld(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (OverlappingFileLockException e) {
      // A run in this very JVM.
      return true;
    }
  }
}
