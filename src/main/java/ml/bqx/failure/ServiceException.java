package ml.bqx.failure;

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

  /** A heading, and below it each problem in a line of its own. */
  public ServiceException(String heading, List<String> problems) {
    super(heading, problems.stream().map(Problem::of).toList());
  }
}
