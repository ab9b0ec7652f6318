package ml.bqx.cli;

import com.google.common.base.Throwables;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import ml.bqx.failure.Failure;
import ml.bqx.failure.ServiceException;
import ml.bqx.parquet.InvalidParquetException;

/**
 * Prints errors to stderr: wrong input and failed services as a message, bugs with their stack
 * trace, and with {@code --verbose} all of them with it.
 */
public final class ErrorReport {
  private static final Set<String> VERBOSE = Set.of("--verbose", "--verbose=true");

  /** By name: an error is no reason to load Beam. */
  private static final Set<String> BEAMS_WRAPPERS =
      Set.of(
          "org.apache.beam.sdk.Pipeline$PipelineExecutionException",
          "org.apache.beam.sdk.util.UserCodeException");

  private final boolean verbose;

  /** The report that the arguments of a command ask for. */
  public ErrorReport(String... args) {
    this.verbose = Stream.of(args).anyMatch(VERBOSE::contains);
  }

  /** Prints what went wrong. */
  public void print(Throwable thrown) {
    // In JSON logs, what is between two flushes is one entry.
    System.err.flush();
    // Further lines stand below the first one, behind "error: ".
    System.err.println("error: " + message(thrown).replace("\n", "\n       "));
    if (verbose || messageForUsers(thrown).isEmpty()) {
      thrown.printStackTrace();
    }

    System.err.flush();
  }

  /** The message, without a stack trace. */
  public static String message(Throwable thrown) {
    return messageForUsers(thrown).orElseGet(() -> unwrapped(thrown).toString());
  }

  /** The message of the outermost error that is not a bug; empty when there is none. */
  private static Optional<String> messageForUsers(Throwable thrown) {
    return causes(thrown)
        .filter(cause -> cause instanceof Failure || cause instanceof InvalidParquetException)
        .map(Throwable::getMessage)
        .findFirst()
        .or(() -> NativeLibraries.problem(thrown))
        .or(
            () ->
                ServiceException.reasonBehind(thrown).map(reason -> "Cannot continue: " + reason));
  }

  private static Throwable unwrapped(Throwable thrown) {
    return causes(thrown).filter(cause -> !isWrapper(cause)).findFirst().orElse(thrown);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream();
  }

  private static boolean isWrapper(Throwable thrown) {
    return BEAMS_WRAPPERS.contains(thrown.getClass().getName())
        || thrown instanceof ExecutionException
        || thrown instanceof CompletionException
        || thrown instanceof InvocationTargetException;
  }
}
