package ml.bqx.cli;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.CommandOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Parses a command line. What is no option of ours is for Beam, which is loaded only to check such
 * options: each alone, because it stops at the first that it cannot take.
 *
 * @param <O> the interface of the options
 */
public final class Arguments<O extends CommandOptions> {
  /** Part of what Beam says of an option it does not know, with its guess what was meant. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "missing a property named '.*'\\.(?: Did you mean (?:'|one of \\[)(?<near>[^'\\]]+))?");

  private static final Pattern OPTION = Pattern.compile("--[^=]");

  private final Class<O> type;
  private final Map<String, CommandOption> known;
  private final Map<String, List<String>> given = new LinkedHashMap<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<String> beams = new ArrayList<>();
  private final Map<String, String> problems = new LinkedHashMap<>();

  /** Parses the arguments; {@link #problems} lists what is wrong with them. */
  Arguments(Class<O> type, String... args) {
    this.type = type;
    this.known = CommandOption.of(type);
    split(args);
    given.forEach(this::take);
  }

  /**
   * The options of a command line.
   *
   * @throws InvalidInputException with a problem for each argument that cannot be used
   */
  public static <O extends CommandOptions> O parse(Class<O> type, String... args) {
    Arguments<O> arguments = new Arguments<>(type, args);
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
    CommandOption option = known.get(name);
    Optional<String> problem = option == null ? takeBeams(name, args) : takeOurs(option, args);
    problem.ifPresent(text -> problems.put("--" + name, text));
  }

  private Optional<String> takeOurs(CommandOption option, List<String> args) {
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

  private Optional<String> takeBeams(String name, List<String> args) {
    try {
      PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).create();
      beams.addAll(args);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(foreign(name, String.join(" ", args), e));
    }
  }

  /** The problem with an option that is Beam's or does not exist. */
  private String foreign(String name, String args, IllegalArgumentException thrown) {
    String message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    Matcher unknown = UNKNOWN.matcher(message);
    if (!unknown.find()) {
      return args + ": " + message;
    }

    return Nearest.to(name, known.keySet())
        .or(() -> Optional.ofNullable(unknown.group("near")))
        .map(near -> "--%s: no such option; did you mean %s?".formatted(name, flags(near)))
        .orElseGet(() -> "--%s: no such option".formatted(name));
  }

  private static String flags(String names) {
    return Splitter.on(", ")
        .splitToStream(names)
        .map(name -> "--" + name)
        .collect(Collectors.joining(" or "));
  }
}
