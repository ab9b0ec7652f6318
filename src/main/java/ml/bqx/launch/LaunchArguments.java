package ml.bqx.launch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      flags.put("--" + variable.option(), variable.isFlag());
    }
  }

  /**
   * The configuration that variables and arguments make.
   *
   * @param args options, without the word for the kind
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
