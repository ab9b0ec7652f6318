package ml.bqx.launch;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.bqx.cli.CommandOption;
import ml.bqx.cli.Nearest;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.MergeOptions;

/**
 * Variables and options of a launch; options that are the pipeline's and not the launcher's own go
 * to the pipeline.
 */
public final class LaunchArguments {
  /** A name of four letters with two of them wrong is another name: {@code PATH} is no PAIR. */
  private static final int LETTERS_PER_EDIT = 3;

  /** An option of the extraction that the launcher itself sets. */
  private static final String WAVE = "--wave";

  /** All options, with whether they need no value. */
  private final Map<String, Boolean> flags = new TreeMap<>();

  private final Map<String, String> given = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private LaunchArguments(LaunchKind kind) {
    CommandOption.types(kind == LaunchKind.EXTRACT ? ExtractOptions.class : MergeOptions.class)
        .forEach((name, type) -> flags.put("--" + name, type == boolean.class));
    for (LaunchVariable variable : LaunchVariable.values()) {
      if (variable.pipeline().orElse(kind) == kind) {
        flags.put("--" + variable.option(), variable.isFlag());
      }
    }
  }

  /**
   * The configuration that variables and arguments make.
   *
   * @param args what is launched and the pairs, each of which may be left to the environment, then
   *     options
   * @throws InvalidInputException with a line for each mistake
   */
  public static LauncherConfig config(Map<String, String> environment, List<String> args) {
    int options = Iterables.indexOf(args, arg -> arg.startsWith("-"));
    List<String> words = args.subList(0, options < 0 ? args.size() : options);
    boolean isNamed = !words.isEmpty() && kind(words.get(0)).isPresent();
    LaunchKind kind = isNamed ? kind(words.get(0)).orElseThrow() : kind(environment, args);
    List<String> pairs = words.subList(isNamed ? 1 : 0, words.size());
    List<String> all = new ArrayList<>(args.subList(words.size(), args.size()));
    if (pairs.size() > 1) {
      throw new InvalidInputException(
          "%s: one argument names the pairs (expected for example eurusd,gbpusd)"
              .formatted(String.join(" ", pairs)));
    }

    pairs.forEach(pair -> all.add("--%s=%s".formatted(LaunchVariable.PAIRS.option(), pair)));
    return config(kind, environment, all);
  }

  private static Optional<LaunchKind> kind(String word) {
    return Stream.of(LaunchKind.values()).filter(kind -> kind.toString().equals(word)).findFirst();
  }

  private static LaunchKind kind(Map<String, String> environment, List<String> args) {
    String option = "--%s=".formatted(LaunchVariable.LAUNCH.option());
    String word =
        args.stream()
            .filter(arg -> arg.startsWith(option))
            .map(arg -> arg.substring(option.length()))
            .findFirst()
            .orElse(environment.getOrDefault(LaunchVariable.LAUNCH.name(), ""))
            .strip();
    return kind(word)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot launch %s: the first argument, or LAUNCH, must be extract or merge"
                        .formatted(
                            !word.isEmpty() ? word : args.isEmpty() ? "nothing" : args.get(0))));
  }

  /**
   * The configuration that variables and options make.
   *
   * @param args options
   * @throws InvalidInputException with a line for each mistake
   */
  public static LauncherConfig config(
      LaunchKind kind, Map<String, String> environment, List<String> args) {
    LaunchArguments arguments = new LaunchArguments(kind);
    arguments.findMisspelt(environment);
    args.forEach(arguments::read);
    try {
      LauncherConfig config = arguments.config(kind, environment);
      if (arguments.problems.isEmpty()) {
        return config;
      }
    } catch (InvalidInputException e) {
      arguments.problems.addAll(e.problems());
    }

    arguments.problem("launch --help explains all variables and options");
    throw new InvalidInputException(arguments.problems);
  }

  private LauncherConfig config(LaunchKind kind, Map<String, String> environment) {
    Map<LaunchVariable, String> values = new EnumMap<>(LaunchVariable.class);
    for (LaunchVariable variable : LaunchVariable.values()) {
      String option = given.remove("--" + variable.option());
      String value = option == null ? environment.getOrDefault(variable.name(), "") : option;
      values.put(variable, value.strip());
    }

    Map<String, String> parameters = new LinkedHashMap<>();
    given.forEach((option, value) -> parameters.put(option.substring(2), value));
    return LauncherConfig.from(kind, values, environment, parameters);
  }

  private void read(String arg) {
    int equals = arg.indexOf('=');
    String option = equals < 0 ? arg : arg.substring(0, equals);
    if (option.equals(WAVE)) {
      problem("%s: set by the launcher, see --waves", option);
    } else if (!flags.containsKey(option)) {
      problem(
          "%s: no such option%s",
          option,
          Nearest.to(option, flags.keySet())
              .map("; did you mean %s?"::formatted)
              .orElse(" (expected --name=value)"));
    } else if (equals < 0 && !flags.get(option)) {
      problem("%s needs a value (expected %s=VALUE)", option, option);
    } else if (given.put(option, equals < 0 ? "true" : arg.substring(equals + 1)) != null) {
      problem("%s is given twice", option);
    }
  }

  private void problem(String format, Object... args) {
    problems.add(Problem.of(format.formatted(args)));
  }

  /** Variables that are almost ours, unless ours is set too. */
  private void findMisspelt(Map<String, String> environment) {
    List<String> names = Stream.of(LaunchVariable.values()).map(Enum::name).toList();
    environment.keySet().stream()
        .filter(name -> !names.contains(name))
        .forEach(
            name ->
                Nearest.to(name, names.stream().filter(near -> areAlike(name, near)).toList())
                    .filter(near -> !environment.containsKey(near))
                    .ifPresent(
                        near -> problem("%s: no such variable; did you mean %s?", name, near)));
  }

  private static boolean areAlike(String name, String ours) {
    return Nearest.edits(name, ours) <= ours.length() / LETTERS_PER_EDIT;
  }
}
