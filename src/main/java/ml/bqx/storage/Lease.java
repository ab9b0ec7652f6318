package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A locked file by which a run shows others that it lives: the system takes the lock back when the
 * process dies, however it dies.
 */
final class Lease implements Closeable {
  /** Other runs that end in the very moment between making a directory and a file in it. */
  private static final int ATTEMPTS = 100;

  private final Path file;
  private final FileChannel lock;

  private Lease(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /** Makes the file, which must not be there, and locks it. */
  static Lease take(Path file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(file.getParent());
        FileChannel lock =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new Lease(file, lock);
      } catch (NoSuchFileException e) {
        // Another run was the last in the directory, and took it away just now.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Whether the run that made a file lives; false when the file is gone. */
  static boolean isHeld(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (OverlappingFileLockException e) {
      // A run in this very JVM.
      return true;
    }
  }

  /** Deletes the file while nobody else can take it for a dead run's, and unlocks it. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    lock.close();
  }
}
