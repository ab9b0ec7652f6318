package ml.bqx.merge;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.bqx.options.InvalidInputException;
import ml.bqx.options.MergeConfig;

/** Holds the number of features and targets against what the user expects. */
final class ExpectedColumns {
  private ExpectedColumns() {}

  static void check(MergeConfig config, MergePlan plan) {
    check("targets", "expectedTargets", config.expectedTargets(), plan.targetCount(), "");
    check(
        "features",
        "expectedFeatures",
        config.expectedFeatures(),
        plan.featureCount(),
        "; " + differences(plan));
  }

  private static void check(String what, String option, int expected, int found, String hint) {
    if (expected > 0 && expected != found) {
      throw new InvalidInputException(
          "Cannot merge: found %,d %s, --%s=%d expects %+,d%s"
              .formatted(found, what, option, expected, expected - found, hint));
    }
  }

  private static String differences(MergePlan plan) {
    Map<String, Integer> features =
        plan.sources().stream()
            .skip(1)
            .collect(
                Collectors.toMap(
                    SourcePlan::group,
                    source -> source.columns().size(),
                    Integer::sum,
                    TreeMap::new));
    return features.toString();
  }
}
