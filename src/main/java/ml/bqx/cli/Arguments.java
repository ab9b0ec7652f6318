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
import ml.bqx.failure.Problem;
import org.apache.beam.sdk.options.ApplicationNameOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Parses a command line into Beam's options. Beam stops at the first argument that it cannot take,
 * so each is given to it alone, and what it takes is then parsed together.
 *
 * @param <O> the interface of the options
 */
public final class Arguments<O extends PipelineOptions> {
  /** Part of what Beam says of an option it does not know, with its guess what was meant. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "missing a property named '.*'\\.(?: Did you mean (?:'|one of \\[)(?<near>[^'\\]]+))?");

  private static final Pattern OPTION = Pattern.compile("--[^=]");

  private final Class<O> type;
  private final Map<String, CommandOption> known;
  private final Map<String, List<String>> taken = new LinkedHashMap<>();
  private final Map<String, String> problems = new LinkedHashMap<>();

  /** Parses the arguments; {@link #problems} tells what is wrong with them. */
  Arguments(Class<O> type, String... args) {
    this.type = type;
    this.known = CommandOption.of(type);
    split(args);
    List.copyOf(taken.keySet()).forEach(this::check);
  }

  /** The options that could be parsed; the others have their default. */
  O options(String appName) {
    String[] good = taken.values().stream().flatMap(List::stream).toArray(String[]::new);
    O options = PipelineOptionsFactory.fromArgs(good).as(type);
    if (!taken.containsKey("appName")) {
      options.as(ApplicationNameOptions.class).setAppName(appName);
    }

    return options;
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
    for (int index = 0; index < args.length; index++) {
      String arg = args[index];
      String next = index + 1 < args.length ? args[index + 1] : "-";
      if (!OPTION.matcher(arg).lookingAt()) {
        problems.put(arg, arg + ": not an option (expected --name=value)");
      } else if (!arg.contains("=") && !next.startsWith("-")) {
        problems.put(arg, "%s %s: expected %s=%s".formatted(arg, next, arg, next));
        index++;
      } else {
        taken.computeIfAbsent(name(arg), name -> new ArrayList<>()).add(arg);
      }
    }
  }

  private static String name(String arg) {
    int equals = arg.indexOf('=');

    return arg.substring(2, equals < 0 ? arg.length() : equals);
  }

  private void check(String name) {
    Optional<String> problem = problem(name, taken.getOrDefault(name, List.of()));
    if (problem.isPresent()) {
      taken.remove(name);
      problems.put("--" + name, problem.get());
    }
  }

  private Optional<String> problem(String name, List<String> args) {
    CommandOption option = known.get(name);
    if (option != null && args.size() > 1) {
      return Optional.of("--%s is given %d times".formatted(name, args.size()));
    }

    String arg = args.get(0);
    if (option != null && !option.isFlag() && !arg.contains("=")) {
      return Optional.of("%s needs a value (expected %s)".formatted(arg, option.usage()));
    }

    try {
      PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).as(type);

      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          option == null
              ? foreign(name, String.join(" ", args), e)
              : arg + ": " + option.mismatch(arg.substring(arg.indexOf('=') + 1)));
    }
  }

  /** What is wrong with an option that is not ours: it is one of Beam's, or of nobody. */
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
