package ml.bqx.quality.checks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import ml.bqx.quality.checks.Finding.Check;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.GroupStatistics.Gap;
import ml.bqx.quality.statistics.QualitySource;

/** Looks for what makes data bad to train on, by its statistics alone. */
public final class DataChecks {
  /** A gap of fewer rows is none. */
  private static final int LEAST_GAP = 60;

  /** Nor is one of a smaller part of all rows. */
  private static final double LEAST_GAP_SHARE = 0.01;

  private static final Pattern FUTURE =
      Pattern.compile("(^|_)(target|label_future|future|lead|fwd|forward|next)(_|$)");

  private final QualitySource source;
  private final double maxNulls;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> targets = new HashSet<>();

  private DataChecks(QualitySource source, double maxNulls) {
    this.source = source;
    this.maxNulls = maxNulls;
  }

  /**
   * What is found in a set.
   *
   * @param maxNulls part of the rows that may have no value, 0 to 1
   */
  public static List<Finding> of(QualitySource source, double maxNulls) {
    DataChecks checks = new DataChecks(source, maxNulls);
    Map<String, String> contents = new HashMap<>();
    for (GroupStatistics group : source.statistics().groups()) {
      checks.rows(group);
      if (group.targets()) {
        group.columns().forEach(column -> checks.targets.add(column.name()));
      }

      if (group.rowsMissing() < group.rows()) {
        for (ColumnStatistics column : group.columns()) {
          checks.column(column);
          checks.duplicate(group, column, contents);
        }
      }
    }

    return checks.findings;
  }

  private void rows(GroupStatistics group) {
    if (group.rowsMissing() == group.rows()) {
      add(Check.NO_VALUES, group.group(), group.rows(), "table %s has no rows", group.table());
      return;
    }

    for (Gap gap : group.longestGaps()) {
      if (gap.rows() < LEAST_GAP || gap.rows() < LEAST_GAP_SHARE * group.rows()) {
        continue;
      }

      boolean edge = gap.from().equals(source.first()) || gap.to().equals(source.last());
      add(
          edge ? Check.ENDS : Check.GAP,
          group.group(),
          gap.rows(),
          "table %s lacks %,d rows from %s to %s",
          group.table(),
          gap.rows(),
          gap.from(),
          gap.to());
    }
  }

  private void column(ColumnStatistics column) {
    if (column.values() == 0) {
      add(Check.NO_VALUES, column.name(), column.rows(), "%,d rows are null", column.rows());
      return;
    }

    if (column.constant()) {
      add(
          Check.CONSTANT,
          column.name(),
          column.values(),
          "all values are %s",
          String.valueOf(column.least()));
    } else {
      TimeChecks.of(column, piece -> start(piece, column.segments().count()))
          .ifPresent(findings::add);
    }

    if (column.nullShare() > maxNulls) {
      add(
          Check.NULLS,
          column.name(),
          column.nullShare(),
          "%.1f %% of the rows are null, up to %,d in a row",
          100 * column.nullShare(),
          column.longestNulls());
    }

    if (column.nan() + column.infinite() > 0) {
      add(
          Check.NOT_FINITE,
          column.name(),
          column.nan() + column.infinite(),
          "%,d NaN, %,d infinite",
          column.nan(),
          column.infinite());
    }
  }

  private void duplicate(
      GroupStatistics group, ColumnStatistics column, Map<String, String> contents) {
    if (!group.targets() && FUTURE.matcher(column.name()).find()) {
      add(Check.NAME, column.name(), 1, "the name says so; is it known at the time of its row?");
    }

    if (column.values() == 0 || column.constant()) {
      return;
    }

    String first = contents.putIfAbsent(column.content(), column.name());
    if (first != null && !group.targets()) {
      add(
          targets.contains(first) ? Check.LEAK : Check.DUPLICATE,
          column.name(),
          column.values(),
          "equals %s in all %,d values",
          first,
          column.values());
    }
  }

  /** When a piece of the spine begins, if its rows are evenly spaced. */
  private String start(int piece, int pieces) {
    Instant first = Instant.parse(source.first());
    Instant last = Instant.parse(source.last());
    long seconds = last.getEpochSecond() - first.getEpochSecond();
    return first.plusSeconds(seconds * piece / pieces / 60 * 60).toString();
  }

  private void add(Check check, String subject, Number weight, String evidence, Object... values) {
    findings.add(
        new Finding(
            check, subject, String.format(Locale.ROOT, evidence, values), weight.doubleValue()));
  }
}
