package ml.bqx.merge.plan;

import com.google.common.collect.Sets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.CheckpointFiles.FileSet;
import ml.bqx.options.PartsPolicy;
import ml.bqx.parquet.ColumnSchema;

/**
 * Tells tables apart whose names differ only in a number or date at the end, which one of them may
 * lack. With columns of their own each is a feature group. With common ones they are either parts
 * of one table or, for example, windows, and only the user knows.
 */
final class NumberedTables {
  private NumberedTables() {}

  /**
   * Makes sure that numbered tables have no column in common, unless the user has said what they
   * are.
   *
   * @param parts the columns of each set's files
   * @throws InvalidInputException naming two of them, the columns and the option
   */
  static void check(MergeConfig config, List<FileSet> sets, List<List<FileColumns>> parts) {
    if (config.foreign().parts() != PartsPolicy.FAIL) {
      return;
    }

    Map<String, Map<String, String>> families = new HashMap<>();
    for (int i = 0; i < sets.size(); i++) {
      FileSet set = sets.get(i);
      if (set.family().isEmpty()) {
        continue;
      }

      checkTargets(config, sets, set);
      Map<String, String> origins =
          families.computeIfAbsent(set.family(), family -> new TreeMap<>());
      Set<String> names =
          parts.get(i).stream()
              .flatMap(part -> part.values().stream())
              .map(ColumnSchema::name)
              .collect(Collectors.toSet());
      Set<String> common = Sets.intersection(origins.keySet(), names);
      if (!common.isEmpty()) {
        throw shared(config, sets, set, origins, List.copyOf(common));
      }

      names.forEach(name -> origins.put(name, set.paths().get(0)));
    }
  }

  /** Numbered tables beside the targets look into the future, whatever their columns are. */
  private static void checkTargets(MergeConfig config, List<FileSet> sets, FileSet set) {
    if (!set.targets() && set.family().equalsIgnoreCase(CheckpointNames.TARGETS + "*")) {
      throw new InvalidInputException(
          "Cannot merge %s: the name of %s differs from that of the targets, %s, only in its number; with --parts=join they are the parts of one table, with --parts=separate %s is a feature group"
              .formatted(
                  config.checkpointDirectory(),
                  set.paths().get(0),
                  sets.get(0).paths().get(0),
                  set.group()));
    }
  }

  private static InvalidInputException shared(
      MergeConfig config,
      List<FileSet> sets,
      FileSet set,
      Map<String, String> origins,
      List<String> common) {
    List<String> files =
        sets.stream()
            .filter(other -> other.family().equals(set.family()))
            .map(other -> other.paths().get(0))
            .toList();
    return new InvalidInputException(
        "Cannot merge %s: the names of %d files or folders differ only in a number (%s), and %s and %s share columns (%s); with --parts=join they are the parts of one table, with --parts=separate each is a feature group"
            .formatted(
                config.checkpointDirectory(),
                files.size(),
                CheckpointFiles.inWords(files),
                origins.get(common.get(0)),
                set.paths().get(0),
                CheckpointFiles.inWords(common)));
  }
}
