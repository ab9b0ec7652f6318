package ml.bqx.quality.report;

import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.Locations;

/**
 * What to report on, validated; made by {@link #from}.
 *
 * @param pair whose data it is
 * @param location directory of the pair's checkpoints, or training file
 * @param output directory of the report
 * @param baseline what to compare with: a directory of checkpoints, or a training file
 * @param maxNulls part of the rows that may be null, 0 to 1
 * @param leaks whether to look for features that follow a target
 * @param failOnFindings whether a finding is an error
 */
public record ReportConfig(
    Pair pair,
    String location,
    String output,
    Optional<String> baseline,
    double maxNulls,
    boolean leaks,
    boolean failOnFindings) {
  /**
   * Validates the options.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each option that is wrong
   */
  public static ReportConfig from(ReportOptions options) {
    Checks checks = new Checks();
    Pair pair = checks.pair(options.getPair());
    String output = checks.directory("output", options.getOutput());
    Optional<String> checkpoints =
        Optional.ofNullable(options.getCheckpoints())
            .map(each -> checks.directory("checkpoints", each));
    Optional<String> baseline =
        Optional.ofNullable(options.getBaseline()).map(each -> checks.directory("baseline", each));
    double maxNulls = options.getMaxNulls();
    if (!(maxNulls >= 0 && maxNulls <= 1)) {
      checks.wrong("maxNulls", maxNulls, "out of range (expected 0 to 1)");
    }

    checks.throwIfAny();
    return new ReportConfig(
        pair,
        checkpoints
            .map(each -> Locations.pair(each, pair))
            .orElseGet(() -> Locations.trainingFile(output, pair)),
        output,
        baseline,
        maxNulls,
        !options.isSkipLeaks(),
        options.isFailOnFindings());
  }

  /** Where a training file made of the set would be. */
  String trainingFile() {
    return Locations.trainingFile(output, pair);
  }

  /** Path of the report for people. */
  public String page() {
    return "%s/report_%s.html".formatted(output, pair);
  }

  /** Path of the report for programs. */
  public String json() {
    return "%s/report_%s.json".formatted(output, pair);
  }

  /** Whether all that it needs is local. */
  public boolean isOnThisMachine() {
    return Stream.of(location, output, baseline.orElse("")).noneMatch(Locations::isRemote);
  }
}
