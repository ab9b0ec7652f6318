package ml.bqx.failure;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Something the user provided is wrong: an option, a table, a file. */
public final class InvalidInputException extends Failure {
  private static final long serialVersionUID = 1L;

  /** The message is for users. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** The message is for users; the cause is for those who debug. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A heading, and each problem on its own line below it. */
  public InvalidInputException(String heading, List<String> problems) {
    super(heading, problems.stream().map(Problem::of).toList());
  }

  /** Several problems that need no heading, in a line each. */
  public InvalidInputException(List<Problem> problems) {
    super("", problems);
  }
}
