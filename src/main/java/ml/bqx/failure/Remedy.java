package ml.bqx.failure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is wrong with a file, and what to do about it. The JDK has exceptions of their own for some
 * errors and says nothing more; for all others it has the words of the operating system.
 */
final class Remedy {
  static final String NO_ACCESS = "permission denied";
  static final String NOT_EMPTY = "directory is not empty";
  static final String EXISTS = "a file of that name exists";

  private static final String MAKE_ROOM = "make room, or use another disk";
  private static final String USE_ANOTHER =
      "allow this user to write there, or use another directory";
  private static final String NO_DIRECTORY =
      "move the directory away: a file of that name is needed";
  private static final String NO_FILE = "move the file away: a directory of that name is needed";

  /** By the words of the operating system, as strerror(3) has them. */
  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry("No space left on device", MAKE_ROOM),
          Map.entry("Disk quota exceeded", MAKE_ROOM),
          Map.entry(
              "File too large",
              "allow larger files (ulimit -f), or use another disk if its file system allows none"),
          Map.entry("Read-only file system", "use a directory that can be written to"),
          Map.entry("Operation not permitted", USE_ANOTHER),
          Map.entry("Permission denied", USE_ANOTHER),
          Map.entry(NO_ACCESS, USE_ANOTHER),
          Map.entry("Input/output error", "check the disk, then run again"),
          Map.entry("Stale file handle", "check the network file system, then run again"),
          Map.entry("No locks available", "use a file system that can lock files"),
          Map.entry("Too many open files", "allow more of them (ulimit -n)"),
          Map.entry("Is a directory", NO_DIRECTORY),
          Map.entry(NOT_EMPTY, NO_DIRECTORY),
          Map.entry("Not a directory", NO_FILE),
          Map.entry(EXISTS, NO_FILE));

  private Remedy() {}

  /** What the system says of an error of a file. */
  static String words(FileSystemException thrown) {
    if (thrown instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (thrown instanceof AccessDeniedException) {
      return NO_ACCESS;
    } else if (thrown instanceof DirectoryNotEmptyException) {
      return NOT_EMPTY;
    } else if (thrown instanceof FileAlreadyExistsException) {
      return EXISTS;
    } else if (thrown instanceof NotDirectoryException) {
      return "Not a directory";
    }

    return thrown.getReason() == null ? thrown.getClass().getSimpleName() : thrown.getReason();
  }

  /** What the system says of any error. */
  static String words(IOException thrown) {
    if (thrown instanceof FileSystemException file) {
      return words(file);
    }

    String message = String.valueOf(thrown.getMessage());
    return thrown.getClass() == IOException.class
        ? message
        : thrown.getClass().getSimpleName() + ": " + message;
  }

  /** What to do about it; empty when the words say it all. */
  static String of(String words) {
    @Nullable String remedy = REMEDIES.get(words);
    return remedy == null ? "" : "; " + remedy;
  }
}
