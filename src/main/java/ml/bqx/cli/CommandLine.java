package ml.bqx.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.CommandOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * What all commands have in common: {@code --help}, options whose mistakes are all reported
 * together, errors as one message on stderr, and exit codes 0 and 1.
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
   *     a problem for each that is wrong
   * @param action the work
   * @return the exit code: 0, or 1 when there was an error, which was then printed
   */
  // Whatever is thrown, an OutOfMemoryError too, must end the JVM with a message: runners leave
  // threads behind that would keep it alive if only the main thread died.
  public static <O extends CommandOptions, C> int run(
      Command<O> command,
      String[] args,
      Function<? super O, C> validation,
      Action<? super O, ? super C> action) {
    // Numbers in file names and messages must not depend on where the user lives.
    Locale.setDefault(Locale.ROOT);
    try (Output output = Output.begin(command.name(), args)) {
      return run(command, args, validation, action, output);
    }
  }

  private static <O extends CommandOptions, C> int run(
      Command<O> command,
      String[] args,
      Function<? super O, C> validation,
      Action<? super O, ? super C> action,
      Output output) {
    try {
      String[] joined = command.named(args);
      Optional<String> help = helpTopic(joined);
      if (help.isPresent()) {
        printHelp(help.get(), command);
      } else {
        Arguments<O> arguments = new Arguments<>(command.options(), new BeamArguments(), joined);
        O options = arguments.options("bqx" + command.name());
        C config = validate(arguments, options, validation);
        action.run(options, config);
      }

      return 0;
    } catch (Throwable e) {
      new ErrorReport(args).print(e);
      output.fail(e);
      return 1;
    }
  }

  /** Ends the JVM if the code is not 0; otherwise returns, so that a caller can go on. */
  public static void exitOnFailure(int exitCode) {
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Config from options; parse errors are reported together with invalid values. */
  private static <O extends CommandOptions, C> C validate(
      Arguments<O> arguments, O options, Function<? super O, C> validation) {
    List<Problem> problems = new ArrayList<>(arguments.problems());
    Optional<C> config = Optional.empty();
    try {
      config = Optional.of(validation.apply(options));
    } catch (InvalidInputException e) {
      e.problems().stream()
          .filter(problem -> !arguments.isProblem(problem.option()))
          .forEach(problems::add);
    }

    if (!problems.isEmpty()) {
      problems.add(Problem.of("--help explains all options"));
      throw new InvalidInputException(problems);
    }

    return config.orElseThrow();
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

    BeamOptions.register();
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
