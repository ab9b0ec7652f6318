package ml.bqx.cli;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.InvalidParquetException;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.UserCodeException;

/**
 * What all commands have in common: {@code --help}, options of which every mistake is told at once,
 * errors as one message on stderr, and exit codes 0 and 1.
 */
public final class CommandLine {
  /** What a command does once its options are valid. */
  @FunctionalInterface
  public interface Action<O, C> {
    /** Does the work; whatever it throws ends the command with exit code 1. */
    void run(O options, C config) throws Exception;
  }

  private CommandLine() {}

  /**
   * Runs a command.
   *
   * @param args what was written on the command line
   * @param validation makes the config from the options; throws {@link InvalidInputException} with
   *     a line for each that is wrong
   * @param action the work
   * @return the exit code: 0, or 1 when there was an error, which was then printed
   */
  // Whatever is thrown, an OutOfMemoryError too, must end the JVM with a message: runners leave
  // threads behind that would keep it alive if only the main thread died.
  public static <O extends PipelineOptions, C> int run(
      Command<O> command,
      String[] args,
      Function<? super O, C> validation,
      Action<? super O, ? super C> action) {
    // Numbers in file names and messages must not depend on where the user lives.
    Locale.setDefault(Locale.ROOT);
    try {
      Optional<String> help = helpTopic(args);
      if (help.isPresent()) {
        printHelp(help.get(), command);
      } else {
        Arguments<O> arguments = new Arguments<>(command.options(), args);
        O options = arguments.options("bqx" + command.name());
        C config = validate(arguments, options, validation);
        action.run(options, config);
      }

      return 0;
    } catch (Throwable e) {
      report(e);

      return 1;
    }
  }

  /** Ends the JVM if the code is not 0; otherwise returns, so that a caller can go on. */
  public static void exitOnFailure(int exitCode) {
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /**
   * Prints what went wrong: what a user can mend as a message alone, anything else with a trace.
   */
  public static void report(Throwable thrown) {
    Optional<String> message = mendable(thrown);
    if (message.isPresent()) {
      // Further lines stand below the first one, behind "error: ".
      System.err.println("error: " + message.get().replace("\n", "\n       "));

      return;
    }

    System.err.println("error: " + unwrapped(thrown));
    thrown.printStackTrace();
  }

  /** What went wrong, in words, without a trace. */
  public static String message(Throwable thrown) {
    return mendable(thrown).orElseGet(() -> unwrapped(thrown).toString());
  }

  private static Optional<String> mendable(Throwable thrown) {
    List<Throwable> chain = Throwables.getCausalChain(thrown);
    Optional<Throwable> mendable = chain.stream().filter(CommandLine::isMendable).findFirst();
    if (mendable.isPresent()) {
      return mendable.map(Throwable::getMessage);
    }

    // Disks and networks fail without anybody's fault: what they say is enough.
    return chain.stream()
        .filter(IOException.class::isInstance)
        .findFirst()
        .map(
            io -> {
              String kind =
                  io.getClass() == IOException.class ? "" : io.getClass().getSimpleName() + ": ";
              return "Cannot go on: " + kind + io.getMessage();
            });
  }

  private static Throwable unwrapped(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(cause -> !isWrapper(cause))
        .findFirst()
        .orElse(thrown);
  }

  private static boolean isMendable(Throwable thrown) {
    return thrown instanceof Failure || thrown instanceof InvalidParquetException;
  }

  private static boolean isWrapper(Throwable thrown) {
    return thrown instanceof PipelineExecutionException
        || thrown instanceof UserCodeException
        || thrown instanceof ExecutionException
        || thrown instanceof CompletionException
        || thrown instanceof InvocationTargetException;
  }

  /** Config from options; what could not be parsed is told together with what is not valid. */
  private static <O extends PipelineOptions, C> C validate(
      Arguments<O> arguments, O options, Function<? super O, C> validation) {
    List<String> problems = new ArrayList<>(arguments.problems());
    C config = null;
    try {
      config = validation.apply(options);
    } catch (InvalidInputException e) {
      e.getMessage()
          .lines()
          .filter(line -> !arguments.isProblem(flag(line)))
          .forEach(problems::add);
    }

    if (!problems.isEmpty()) {
      problems.add("--help explains all options");
      throw new InvalidInputException(String.join("\n", problems));
    }

    return config;
  }

  /** The option that a line of a validation's message begins with. */
  private static String flag(String line) {
    return line.split("[ =:]", 2)[0];
  }

  /**
   * What help is wanted on: empty text for the command, or the name of one of Beam's interfaces.
   */
  private static Optional<String> helpTopic(String... args) {
    return Stream.of(args)
        .filter(arg -> arg.equals("-h") || arg.equals("--help") || arg.startsWith("--help="))
        .map(arg -> arg.replaceFirst("^[^=]*=?", ""))
        .findFirst();
  }

  private static void printHelp(String topic, Command<?> command) {
    if (topic.isEmpty() || topic.equals("true")) {
      System.out.print(HelpText.of(command));

      return;
    }

    PipelineOptionsFactory.getRegisteredOptions().stream()
        .filter(beam -> beam.getSimpleName().equals(topic) || beam.getName().equals(topic))
        .findFirst()
        .ifPresentOrElse(
            beam -> PipelineOptionsFactory.printHelp(System.out, beam),
            () -> {
              throw new InvalidInputException(
                  "--help=%s: no such set of options (expected for example DataflowPipelineOptions)"
                      .formatted(topic));
            });
  }
}
