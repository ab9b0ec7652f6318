package ml.bqx.storage;

import com.google.common.io.Closeables;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ml.bqx.storage.channel.NamedReader;

/**
 * A locked file by which a run shows others that it lives: the system takes the lock back when the
 * process dies, however it dies.
 */
final class Lease implements Closeable {
  /** Other runs that end in the very moment between making a directory and a file in it. */
  private static final int ATTEMPTS = 100;

  /**
   * Names of this JVM's own files, which each run invents for itself. They must not be tried: the
   * system gives a process's lock back when any of its channels to the file is closed.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel lock;

  private Lease(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Makes the file, which must not be there, locked from the moment of its appearance: others would
   * take it for a dead run's.
   */
  static Lease take(Path file) throws IOException {
    Path unlocked = file.resolveSibling("new-" + file.getFileName());
    HELD.add(file.getFileName());
    HELD.add(unlocked.getFileName());
    for (int attempt = 1; ; attempt++) {
      FileChannel lock = null;
      try {
        LocalStorage.makeDirectories(LocalStorage.directory(file.toString()));
        lock = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(unlocked, file);
        HELD.remove(unlocked.getFileName());
        return new Lease(file, lock);
      } catch (IOException e) {
        Closeables.close(lock, true);
        // Another run that ended took the directory or the file away just now. The JDK says that a
        // directory already exists when it goes away while it is created.
        boolean again = e instanceof NoSuchFileException || e instanceof FileAlreadyExistsException;
        if (!again || attempt == ATTEMPTS) {
          giveUp(file, e);
          giveUp(unlocked, e);
          throw NamedReader.named(file.toString(), e);
        }
      }
    }
  }

  private static void giveUp(Path file, IOException reason) {
    HELD.remove(file.getFileName());
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Whether the run that made a file lives; false when the file is gone. */
  static boolean isHeld(Path file) throws IOException {
    if (HELD.contains(file.getFileName())) {
      return true;
    }

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (OverlappingFileLockException e) {
      // Another run of this JVM asks the same at this moment, and deletes what is to be deleted.
      return true;
    }
  }

  /** Deletes the file while nobody else can take it for a dead run's, and unlocks it. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      // A file that cannot be deleted is a dead run's from now on.
      lock.close();
      HELD.remove(file.getFileName());
    }
  }
}
