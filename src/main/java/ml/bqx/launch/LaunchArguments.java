package ml.bqx.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.cli.CommandOption;
import ml.bqx.cli.Nearest;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.MergeOptions;

/**
 * What a launcher was told, by variables and by options; options that are the pipeline's and not
 * the launcher's own go to the pipeline.
 */
public final class LaunchArguments {
  /** A name of four letters with two of them wrong is another name: {@code PATH} is no PAIR. */
  private static final int LETTERS_PER_EDIT = 3;

  private static final Set<String> FLAGS =
      Set.of(LaunchVariable.VALIDATE_ONLY.option(), LaunchVariable.ESTIMATE.option(), "verbose");

  /** Options of the pipelines that the launcher itself decides. */
  private static final Set<String> DECIDED = Set.of("wave");

  private final LaunchKind kind;
  private final Map<String, String> environment;
  private final Map<LaunchVariable, String> values = new EnumMap<>(LaunchVariable.class);
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private LaunchArguments(LaunchKind kind, Map<String, String> environment) {
    this.kind = kind;
    this.environment = environment;
  }

  /**
   * The configuration that variables and arguments make.
   *
   * @param args options, without the word for the kind
   * @throws InvalidInputException with a line for each mistake
   */
  public static LauncherConfig config(
      LaunchKind kind, Map<String, String> environment, List<String> args) {
    LaunchArguments all = new LaunchArguments(kind, environment);
    all.readEnvironment();
    all.readArguments(args);
    LauncherConfig config = null;
    try {
      config = LauncherConfig.from(kind, all.values, environment, all.parameters);
    } catch (InvalidInputException e) {
      all.problems.addAll(e.problems());
    }

    if (!all.problems.isEmpty()) {
      all.problems.add(Problem.of("launch --help explains all variables and options"));
      throw new InvalidInputException(all.problems);
    }

    return config;
  }

  private void readEnvironment() {
    List<String> names = Stream.of(LaunchVariable.values()).map(Enum::name).toList();
    environment.forEach(
        (name, value) -> {
          if (names.contains(name)) {
            if (!value.isBlank()) {
              values.put(LaunchVariable.valueOf(name), value.strip());
            }
          } else {
            nearest(name, names)
                .filter(near -> !environment.containsKey(near))
                .ifPresent(
                    near ->
                        problems.add(
                            Problem.of(
                                "%s: no such variable; did you mean %s?".formatted(name, near))));
          }
        });
  }

  private static Optional<String> nearest(String name, Collection<String> names) {
    return Nearest.to(
        name, names.stream().filter(each -> isLike(name, each)).collect(Collectors.toSet()));
  }

  private static boolean isLike(String name, String ours) {
    return Nearest.edits(name, ours) <= ours.length() / LETTERS_PER_EDIT;
  }

  private void readArguments(List<String> args) {
    Set<String> own =
        Stream.of(LaunchVariable.values())
            .map(LaunchVariable::option)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> known = new LinkedHashSet<>(own);
    known.addAll(CommandOption.names(options()));
    known.removeAll(DECIDED);
    Set<String> given = new LinkedHashSet<>();
    for (String arg : args) {
      String name = arg.replaceFirst("^--", "").replaceFirst("=.*$", "");
      if (!arg.startsWith("--") || name.isEmpty()) {
        problems.add(Problem.of(arg + ": not an option (expected --name=value)"));
      } else if (!known.contains(name)) {
        problems.add(Problem.of(unknown(name, known)));
      } else if (!arg.contains("=") && !FLAGS.contains(name)) {
        problems.add(Problem.of("--%s needs a value (expected --%s=VALUE)".formatted(name, name)));
      } else if (!given.add(name)) {
        problems.add(Problem.of("--%s is given twice".formatted(name)));
      } else {
        put(name, arg.contains("=") ? arg.substring(arg.indexOf('=') + 1) : "true");
      }
    }
  }

  private Class<?> options() {
    return kind == LaunchKind.EXTRACT ? ExtractOptions.class : MergeOptions.class;
  }

  private static String unknown(String name, Collection<String> known) {
    if (DECIDED.contains(name)) {
      return "--%s: the launcher decides it".formatted(name);
    }

    return Nearest.to(name, known)
        .map(near -> "--%s: no such option; did you mean --%s?".formatted(name, near))
        .orElse("--%s: no such option".formatted(name));
  }

  private void put(String name, String value) {
    Stream.of(LaunchVariable.values())
        .filter(variable -> variable.option().equals(name))
        .findFirst()
        .ifPresentOrElse(
            variable -> values.put(variable, value), () -> parameters.put(name, value));
  }
}
