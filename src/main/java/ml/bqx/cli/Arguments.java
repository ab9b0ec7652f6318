package ml.bqx.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.CommandOptions;

/**
 * Parses a command line. What is no option of ours is for Beam, which is loaded only to check such
 * options.
 *
 * @param <O> the interface of the options
 */
public final class Arguments<O extends CommandOptions> {
  /** What becomes of options that are not ours. */
  @FunctionalInterface
  public interface Others {
    /**
     * What is wrong with one of them; empty when it is kept as it was written.
     *
     * @param name without the two dashes
     * @param args all arguments that give it
     * @param known the names of our options
     */
    Optional<String> problem(String name, List<String> args, Set<String> known);

    /** There are none: a command without a pipeline. */
    static Others refused() {
      return (name, args, known) -> Optional.of(unknown(name, Nearest.to(name, known)));
    }

    /** The problem with an option that does not exist. */
    static String unknown(String name, Optional<String> near) {
      return near.map(meant -> "--%s: no such option; did you mean --%s?".formatted(name, meant))
          .orElseGet(() -> "--%s: no such option".formatted(name));
    }
  }

  private static final Pattern OPTION = Pattern.compile("--[^=]");

  private final Class<O> type;
  private final Others others;
  private final Map<String, List<String>> given = new LinkedHashMap<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<String> beams = new ArrayList<>();
  private final Map<String, String> problems = new LinkedHashMap<>();

  /** Parses the arguments; {@link #problems} lists what is wrong with them. */
  Arguments(Class<O> type, Others others, String... args) {
    this.type = type;
    this.others = others;
    split(args);
    given.forEach(this::take);
  }

  /**
   * The options of a command line, Beam's included.
   *
   * @throws InvalidInputException with a problem for each argument that cannot be used
   */
  public static <O extends CommandOptions> O parse(Class<O> type, String... args) {
    return parse(type, new BeamArguments(), args);
  }

  /**
   * The options of a command line.
   *
   * @throws InvalidInputException with a problem for each argument that cannot be used
   */
  public static <O extends CommandOptions> O parse(Class<O> type, Others others, String... args) {
    Arguments<O> arguments = new Arguments<>(type, others, args);
    if (!arguments.problems.isEmpty()) {
      throw new InvalidInputException(arguments.problems());
    }

    return arguments.options("bqx");
  }

  /** The options that could be parsed; the others have their default. */
  O options(String appName) {
    List<String> others = new ArrayList<>(beams);
    if (!given.containsKey("appName")) {
      others.add("--appName=" + appName);
    }

    return OptionValues.of(type, values, others);
  }

  /** A problem for each argument that cannot be used; empty when all can. */
  List<Problem> problems() {
    return problems.entrySet().stream()
        .map(problem -> new Problem(problem.getKey(), problem.getValue()))
        .toList();
  }

  /** Whether there is a problem with that option, named with its dashes. */
  boolean isProblem(String flag) {
    return problems.containsKey(flag);
  }

  private void split(String... args) {
    for (String arg : args) {
      if (!OPTION.matcher(arg).lookingAt()) {
        problems.put(arg, arg + ": not an option (expected --name=value)");
      } else {
        given.computeIfAbsent(name(arg), name -> new ArrayList<>()).add(arg);
      }
    }
  }

  private static String name(String arg) {
    int equals = arg.indexOf('=');
    return arg.substring(2, equals < 0 ? arg.length() : equals);
  }

  private void take(String name, List<String> args) {
    Optional<String> problem =
        OptionSyntax.find(type, name)
            .map(option -> takeOurs(option, args))
            .orElseGet(() -> takeOther(name, args));
    problem.ifPresent(text -> problems.put("--" + name, text));
  }

  private Optional<String> takeOurs(OptionSyntax option, List<String> args) {
    if (args.size() > 1) {
      return Optional.of("--%s is given %d times".formatted(option.name(), args.size()));
    }

    String arg = args.get(0);
    int equals = arg.indexOf('=');
    if (equals < 0 && !option.isFlag()) {
      return Optional.of("%s needs a value (expected %s)".formatted(arg, option.usage()));
    }

    String text = equals < 0 ? "true" : arg.substring(equals + 1);
    try {
      values.put(option.name(), option.parse(text));
      return Optional.empty();
    } catch (IllegalArgumentException | InvalidInputException e) {
      return Optional.of(arg + ": " + option.mismatch(text));
    }
  }

  private Optional<String> takeOther(String name, List<String> args) {
    Optional<String> problem = others.problem(name, args, CommandOption.of(type).keySet());
    if (problem.isEmpty()) {
      beams.addAll(args);
    }

    return problem;
  }
}
