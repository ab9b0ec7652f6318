package ml.bqx.quality.gate;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Limits that the data of a training file must keep, by category of its feature groups: the first
 * word of their names, and {@code targets}.
 *
 * @param file where they are written
 * @param baseline what drift is measured against: a directory of checkpoints, or a training file;
 *     {@code {pair}} stands for the pair. Null when no limit needs one
 * @param limits of each category, and of {@link #ALL}
 * @param lines in which line of the file each category is
 */
public record Gates(
    String file,
    @Nullable String baseline,
    Map<String, Map<GateLimit, Double>> limits,
    Map<String, Integer> lines)
    implements Serializable {
  /** Stands for every category; what a category limits itself goes before. */
  public static final String ALL = "all";

  public Gates {
    limits =
        limits.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
    lines = Map.copyOf(lines);
  }

  /**
   * Reads a file of gates.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each mistake in it
   */
  public static Gates read(Storage storage, String path) throws IOException {
    return GatesFile.parse(path, storage.read(path));
  }

  /** Whether any category has such a limit. */
  public boolean has(GateLimit limit) {
    return limits.values().stream().anyMatch(each -> each.containsKey(limit));
  }

  /** The limit of a category: its own, or that of all. */
  OptionalDouble limit(String category, GateLimit limit) {
    Double own = limits.getOrDefault(category, Map.of()).get(limit);
    Double any = own == null ? limits.getOrDefault(ALL, Map.of()).get(limit) : own;
    return any == null ? OptionalDouble.empty() : OptionalDouble.of(any);
  }

  /** The categories that have limits of their own. */
  Set<String> categories() {
    return limits.keySet().stream()
        .filter(category -> !category.equals(ALL))
        .collect(Collectors.toUnmodifiableSet());
  }
}
