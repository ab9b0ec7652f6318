package ml.bqx.quality.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import ml.bqx.cli.Nearest;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads gates from YAML; every mistake is told with its line and its key. */
final class GatesFile {
  private static final String LIMITS = "limits";
  private static final String BASELINE = "baseline";

  private final List<String> problems = new ArrayList<>();
  private final Map<String, Map<GateLimit, Double>> limits = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  /** In which line each key is, by its full name. */
  private final Map<String, Integer> keyLines = new HashMap<>();

  private @Nullable String baseline;

  static Gates parse(String path, byte[] content) {
    GatesFile file = new GatesFile();
    file.root(content);
    if (!file.problems.isEmpty()) {
      throw new InvalidInputException("Cannot use gates %s:".formatted(path), file.problems);
    }

    return new Gates(path, file.baseline, file.limits, file.lines);
  }

  private void root(byte[] content) {
    Node root;
    try {
      root =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .compose(new StringReader(new String(content, UTF_8)));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problems.add("line %d: no YAML: %s".formatted(line, e.getProblem()));
      return;
    } catch (YAMLException e) {
      problems.add("no YAML: " + e.getMessage());
      return;
    }

    if (root == null) {
      problems.add("line 1, %s: missing".formatted(LIMITS));
      return;
    }

    Map<String, Node> entries = entries("", root, Set.of(LIMITS, BASELINE));
    Node text = entries.get(BASELINE);
    if (text != null) {
      baseline =
          scalar(BASELINE, text, "a directory of checkpoints or a training file").orElse(null);
    }

    Node categories = entries.get(LIMITS);
    if (categories == null) {
      if (problems.isEmpty()) {
        wrong(root, LIMITS, "missing");
      }
      return;
    }

    entries(LIMITS, categories, Set.of()).forEach(this::category);
    if (limits.values().stream().allMatch(Map::isEmpty) && problems.isEmpty()) {
      wrong(categories, LIMITS, "nothing is limited");
    }
  }

  private void category(String name, Node node) {
    String key = LIMITS + "." + name;
    lines.put(name, keyLines.getOrDefault(key, line(node)));
    Map<GateLimit, Double> own = new EnumMap<>(GateLimit.class);
    entries(key, node, new TreeSet<>(GateLimit.keys()))
        .forEach(
            (limit, value) ->
                GateLimit.of(limit)
                    .ifPresent(
                        known -> number(key, known, value).ifPresent(n -> own.put(known, n))));
    limits.put(name, own);
    if (own.containsKey(GateLimit.DRIFT) && baseline == null) {
      String drift = key + "." + GateLimit.DRIFT.key();
      wrong(
          keyLines.getOrDefault(drift, line(node)),
          drift,
          "needs a %s to compare with".formatted(BASELINE));
    }
  }

  private Optional<Double> number(String category, GateLimit limit, Node node) {
    String key = category + "." + limit.key();
    String expected = "a number, " + limit.range();
    return scalar(key, node, expected)
        .flatMap(
            text -> {
              try {
                double number = Double.parseDouble(text);
                if (limit.accepts(number)) {
                  return Optional.of(number);
                }
              } catch (NumberFormatException e) {
                // Told below, as is a number out of range.
              }

              wrong(node, key, "%s is not expected (expected %s)".formatted(text, expected));
              return Optional.empty();
            });
  }

  /** The text of a node that has neither a list nor keys. */
  private Optional<String> scalar(String key, Node node, String expected) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return Optional.of(scalar.getValue().strip());
    }

    wrong(node, key, "expected " + expected);
    return Optional.empty();
  }

  /**
   * The values of a node by their keys.
   *
   * @param known the only keys; empty when any may be there
   */
  private Map<String, Node> entries(String key, Node node, Set<String> known) {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      wrong(node, key, "expected keys with values");
      return entries;
    }

    for (NodeTuple tuple : mapping.getValue()) {
      String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String full = key.isEmpty() ? name : key + "." + name;
      keyLines.putIfAbsent(full, line(tuple.getKeyNode()));
      if (!known.isEmpty() && !known.contains(name)) {
        String meant = Nearest.to(name, known).map(" (did you mean %s?)"::formatted).orElse("");
        wrong(
            tuple.getKeyNode(),
            full,
            "no such key%s; there are %s"
                .formatted(meant, String.join(", ", new TreeSet<>(known))));
      } else if (entries.putIfAbsent(name, tuple.getValueNode()) != null) {
        wrong(tuple.getKeyNode(), full, "is there twice");
      }
    }

    return entries;
  }

  private void wrong(Node node, String key, String why) {
    wrong(line(node), key, why);
  }

  private void wrong(int line, String key, String why) {
    problems.add(
        key.isEmpty()
            ? "line %d: %s".formatted(line, why)
            : "line %d, %s: %s".formatted(line, key, why));
  }

  private static int line(Node node) {
    return Objects.requireNonNull(node.getStartMark()).getLine() + 1;
  }
}
