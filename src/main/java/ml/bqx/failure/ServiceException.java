package ml.bqx.failure;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A service, a network or a disk failed, or refused; running again may help. */
public final class ServiceException extends Failure {
  private static final long serialVersionUID = 1L;

  /** The message is for users. */
  public ServiceException(String message) {
    super(message);
  }

  /** The message is for users; the cause is for those who debug. */
  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Why a file or a connection failed, with its name where the error has one, and what to do about
   * it.
   */
  public static String reason(IOException thrown) {
    IOException cause = first(thrown);
    String words = Remedy.words(cause);
    @Nullable String file = file(cause);
    return file == null
        ? words + Remedy.of(words)
        : "%s (%s)%s".formatted(words, file, Remedy.of(words));
  }

  /**
   * Why a file or a connection failed, and what to do, for a message that names a path already: a
   * file is named only if it is neither that path nor below it.
   */
  public static String reason(IOException thrown, String path) {
    IOException cause = first(thrown);
    @Nullable String file = file(cause);
    if (file != null && !file.startsWith(path)) {
      return reason(thrown);
    }

    String words = Remedy.words(cause);
    return words + Remedy.of(words);
  }

  /** Why a disk or a connection failed, when that is what is behind an error. */
  public static Optional<String> reasonBehind(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(IOException.class::isInstance)
        .map(cause -> reason((IOException) cause))
        .findFirst();
  }

  /** An error of many files says only that the first one is attached to it. */
  private static IOException first(IOException thrown) {
    return thrown instanceof FileSystemException
            && thrown.getSuppressed().length > 0
            && thrown.getSuppressed()[0] instanceof FileSystemException first
        ? first
        : thrown;
  }

  /** The file that is wrong: of two, the one that was to be written. */
  private static @Nullable String file(IOException thrown) {
    if (thrown instanceof FileSystemException file) {
      return file.getOtherFile() == null ? file.getFile() : file.getOtherFile();
    }

    return null;
  }

  /** A heading, and each problem on its own line below it. */
  public ServiceException(String heading, List<String> problems) {
    super(heading, problems.stream().map(Problem::of).toList());
  }
}
