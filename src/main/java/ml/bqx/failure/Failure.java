package ml.bqx.failure;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An error that is not a bug: commands print its message without a stack trace and exit with code
 * 1. A message states what failed, why, where, and what to do.
 */
public abstract sealed class Failure extends RuntimeException
    permits InvalidInputException, ServiceException {
  private static final long serialVersionUID = 1L;

  /** Enough to see a pattern; more of them probably have the same cause. */
  private static final int SHOWN_PROBLEMS = 20;

  private final List<Problem> problems;

  Failure(String message) {
    super(message);
    this.problems = List.of(Problem.of(message));
  }

  Failure(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.of(Problem.of(message));
  }

  Failure(String heading, List<Problem> problems) {
    super(message(heading, problems));
    this.problems = List.copyOf(problems);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** All problems, at least one; the message may show fewer. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One error for several: they are listed below a heading.
   *
   * @return an error of a service if one of them is, so that running again may be the remedy
   */
  public static Failure of(String heading, List<? extends Failure> failures) {
    if (failures.size() == 1) {
      return failures.get(0);
    }

    List<String> messages = failures.stream().map(Failure::getMessage).toList();
    Failure all =
        failures.stream().anyMatch(ServiceException.class::isInstance)
            ? new ServiceException(heading, messages)
            : new InvalidInputException(heading, messages);
    failures.forEach(all::addSuppressed);
    return all;
  }

  private static String message(String heading, List<Problem> problems) {
    List<String> lines =
        Listing.lines(problems.stream().map(Problem::text).toList(), SHOWN_PROBLEMS);
    return Stream.concat(Stream.of(heading), lines.stream())
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
