package ml.bqx.options;

/**
 * Something a user gave us is wrong: an option, a table, a file. The message says what, where and
 * what to do; the mains print it alone, without a stack trace, and exit with code 1.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message is for users. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** The message is for users; the cause is for those who debug. */
  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
