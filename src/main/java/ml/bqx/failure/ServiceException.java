package ml.bqx.failure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

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

  /** Why a file or a connection failed, with its name where the error has one. */
  public static String reason(IOException thrown) {
    if (thrown instanceof FileSystemException file && file.getFile() != null) {
      return "%s (%s)".formatted(reason(file), file.getFile());
    }

    String message = String.valueOf(thrown.getMessage());
    return thrown.getClass() == IOException.class
        ? message
        : thrown.getClass().getSimpleName() + ": " + message;
  }

  private static String reason(FileSystemException thrown) {
    if (thrown instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (thrown instanceof AccessDeniedException) {
      return "permission denied";
    } else if (thrown instanceof DirectoryNotEmptyException) {
      return "directory is not empty";
    }

    return thrown.getReason() == null ? thrown.getClass().getSimpleName() : thrown.getReason();
  }

  /** A heading, and each problem on its own line below it. */
  public ServiceException(String heading, List<String> problems) {
    super(heading, problems.stream().map(Problem::of).toList());
  }
}
