package ml.bqx.merge.plan;

import com.google.common.collect.Sets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Skipped;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;

/** Compares the number of features and targets with what the user expects. */
final class ExpectedColumns {
  private ExpectedColumns() {}

  static void check(MergeConfig config, MergePlan plan) {
    if (plan.featureCount() == 0) {
      throw new InvalidInputException(
          "Cannot merge %s: it has targets, but no feature (left out: %s); put the files of feature groups beside %s"
              .formatted(
                  config.checkpointDirectory(),
                  Skipped.inWords(plan.findings().leftOut()),
                  plan.targets().files().get(0)));
    }

    if (differ(config.expectedTargets(), plan.targetCount())) {
      throw new InvalidInputException(
          "Cannot merge: found %,d targets, --expectedTargets=%d requires exactly that many"
              .formatted(plan.targetCount(), config.expectedTargets()));
    }

    if (differ(config.expectedFeatures(), plan.featureCount())) {
      throw new InvalidInputException(
          "Cannot merge: found %,d features, --expectedFeatures=%d requires exactly that many; %s"
              .formatted(
                  plan.featureCount(),
                  config.expectedFeatures(),
                  differences(config.pair(), config.expectedFeatures(), plan)));
    }
  }

  private static boolean differ(int expected, int found) {
    return expected > 0 && expected != found;
  }

  /** Which groups differ from the known layout with that many features, if there is one. */
  private static String differences(Pair pair, int expected, MergePlan plan) {
    Map<String, Integer> found = new TreeMap<>();
    plan.sources().stream()
        .skip(1)
        .forEach(source -> found.merge(source.group(), source.columns().size(), Integer::sum));
    for (KnownLayout layout : KnownLayout.values()) {
      Map<String, Integer> known =
          layout.of(pair).stream()
              .collect(
                  Collectors.toMap(
                      shape -> pair.removedFrom(shape.table()), KnownLayout.Shape::features));
      if (known.values().stream().mapToInt(Integer::intValue).sum() == expected) {
        return "of the known layout with %,d features these groups differ: %s"
            .formatted(expected, inWords(known, found));
      }
    }

    return "the groups have "
        + CheckpointFiles.inWords(found.entrySet().stream().map(Object::toString).toList());
  }

  private static String inWords(Map<String, Integer> known, Map<String, Integer> found) {
    return CheckpointFiles.inWords(
        Sets.union(known.keySet(), found.keySet()).stream()
            .sorted()
            .filter(group -> !known.getOrDefault(group, 0).equals(found.getOrDefault(group, 0)))
            .map(
                group ->
                    "%s (%d instead of %d)"
                        .formatted(
                            group, found.getOrDefault(group, 0), known.getOrDefault(group, 0)))
            .toList());
  }
}
