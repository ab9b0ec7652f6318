package ml.bqx.quality.report;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ml.bqx.quality.checks.DataChecks;
import ml.bqx.quality.checks.Finding;
import ml.bqx.quality.checks.Finding.Check;
import ml.bqx.quality.checks.TargetLeaks;
import ml.bqx.quality.diff.Drift;
import ml.bqx.quality.diff.SetDifference;
import ml.bqx.quality.diff.SetDifference.ColumnDifference;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of the quality of a training set.
 *
 * @param pair whose data it is
 * @param location directory of checkpoints, or training file
 * @param made what made it, and when or from what
 * @param rows of the spine
 * @param first its first timestamp, ISO 8601
 * @param last its last timestamp, ISO 8601
 * @param checks every check, with what it found
 * @param findings the worst first
 * @param notChecked checks that could not be made, and why
 * @param difference from the baseline; null without one
 */
public record QualityReport(
    String pair,
    String location,
    String made,
    long rows,
    String first,
    String last,
    List<CheckResult> checks,
    List<Finding> findings,
    List<String> notChecked,
    @Nullable SetDifference difference) {
  /** A population stability index above this one is called a shift. */
  private static final double MOST_PSI = 0.25;

  /** Checks in the order of how bad their findings are. */
  private static final List<Check> WORST_FIRST =
      List.of(
          Check.LEAK,
          Check.SCALE,
          Check.CONSTANT_SINCE,
          Check.NO_VALUES,
          Check.SHIFT,
          Check.ENDS,
          Check.GAP,
          Check.NOT_FINITE,
          Check.DUPLICATE,
          Check.CONSTANT,
          Check.NAME,
          Check.DRIFT,
          Check.NULLS);

  public QualityReport {
    checks = ImmutableList.copyOf(checks);
    findings = ImmutableList.copyOf(findings);
    notChecked = ImmutableList.copyOf(notChecked);
  }

  /**
   * How a check ended.
   *
   * @param made whether it could be made
   * @param found how many findings it has: none means that it has passed
   * @param example the first of them; empty when there is none
   */
  public record CheckResult(Check check, boolean made, long found, String example) {}

  /** Makes the checks on a set. */
  static QualityReport of(Storage storage, ReportConfig config, QualitySource source)
      throws IOException {
    List<Finding> findings = new ArrayList<>(DataChecks.of(source, config.maxNulls()));
    Map<Check, String> notChecked = new EnumMap<>(Check.class);
    if (config.leaks()) {
      Optional<List<Finding>> leaks = TargetLeaks.of(storage, source);
      if (leaks.isPresent()) {
        leaks.get().stream()
            .filter(leak -> findings.stream().noneMatch(leak::isSame))
            .forEach(findings::add);
      } else {
        notChecked.put(
            Check.LEAK, "copies of targets (report on the training file: rows must be in order)");
      }
    } else {
      notChecked.put(Check.LEAK, "copies of targets (--skipLeaks)");
    }

    SetDifference difference = null;
    if (config.baseline().isPresent()) {
      difference = SetDifference.of(QualitySource.of(storage, config.baseline().get()), source);
      difference.changed().stream()
          .filter(column -> column.psi() > MOST_PSI)
          .map(QualityReport::drift)
          .forEach(findings::add);
    } else {
      notChecked.put(Check.DRIFT, "drift (there is no --baseline)");
    }

    findings.sort(
        Comparator.comparingInt((Finding finding) -> WORST_FIRST.indexOf(finding.check()))
            .thenComparing(Comparator.comparingDouble(Finding::weight).reversed())
            .thenComparing(Finding::subject));
    return new QualityReport(
        config.pair().name(),
        source.location(),
        source.made(),
        source.rows(),
        source.first(),
        source.last(),
        Arrays.stream(Check.values())
            .map(check -> result(check, !notChecked.containsKey(check), findings))
            .toList(),
        findings,
        List.copyOf(notChecked.values()),
        difference);
  }

  private static Finding drift(ColumnDifference column) {
    Drift drift = column.drift();
    return new Finding(
        Check.DRIFT,
        column.name(),
        String.format(
            Locale.ROOT,
            "PSI %.3f, KS %.3f; mean %.6g -> %.6g",
            column.psi(),
            drift == null ? 0 : drift.ks(),
            column.meanBefore(),
            column.meanAfter()),
        column.psi());
  }

  private static CheckResult result(Check check, boolean made, List<Finding> findings) {
    List<Finding> own = findings.stream().filter(finding -> finding.check() == check).toList();
    return new CheckResult(
        check,
        made,
        own.size(),
        own.isEmpty() ? "" : "%s: %s".formatted(own.get(0).subject(), own.get(0).evidence()));
  }
}
