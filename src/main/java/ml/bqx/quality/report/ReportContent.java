package ml.bqx.quality.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.cost.CostComparison;
import ml.bqx.quality.checks.Finding;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.GroupStatistics.Gap;
import ml.bqx.quality.statistics.Quantiles;
import org.checkerframework.checker.nullness.qual.Nullable;

/** All figures of a report, as JSON: the page shows them, and they are the file for programs. */
final class ReportContent {
  /** Digits of a figure; all of them are in the statistics. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  /** Shorter gaps are part of the coverage, but are not listed, rows. */
  private static final int LEAST_GAP = 60;

  /** What the rows of {@code columns} are, in this order. */
  private static final List<String> COLUMN_FIELDS =
      List.of(
          "name",
          "group",
          "type",
          "nulls",
          "longest",
          "distinct",
          "min",
          "median",
          "max",
          "mean",
          "deviation",
          "zeros",
          "notFinite");

  private final QualityReport report;
  private final List<GroupStatistics> groups;
  private final RunRecord run;
  private final ObjectNode data = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> tables = new HashMap<>();

  private ReportContent(QualityReport report, List<GroupStatistics> groups, RunRecord run) {
    this.report = report;
    this.groups = groups;
    this.run = run;
    for (GroupStatistics group : groups) {
      tables.put(group.group(), group.table());
      group.columns().forEach(column -> tables.put(column.name(), group.table()));
    }
  }

  /** The content of a report on these groups. */
  static ObjectNode of(QualityReport report, List<GroupStatistics> groups, RunRecord run) {
    ReportContent content = new ReportContent(report, groups, run);
    content.head();
    content.checks();
    content.groups();
    content.run();
    content.data.putPOJO("difference", report.difference());
    return content.data;
  }

  private void head() {
    data.put("pair", report.pair())
        .put("location", report.location())
        .put("made", report.made())
        .put("rows", report.rows())
        .put("first", report.first())
        .put("last", report.last())
        .put("bytes", run.bytes())
        .put("buckets", GroupStatistics.BUCKETS);
  }

  private void checks() {
    ArrayNode checks = data.putArray("checks");
    for (QualityReport.CheckResult result : report.checks()) {
      checks
          .addObject()
          .put("check", result.check().name())
          .put("words", result.check().words())
          .put("meaning", result.check().meaning())
          .put("made", result.made())
          .put("found", result.found())
          .put("example", result.example());
    }

    ArrayNode findings = data.putArray("findings");
    for (Finding finding : report.findings()) {
      findings
          .addObject()
          .put("check", finding.check().name())
          .put("subject", finding.subject())
          .put("words", finding.check().words())
          .put("evidence", finding.evidence())
          .put("weight", finding.weight())
          .put("source", tables.getOrDefault(finding.subject(), ""));
    }

    report.notChecked().forEach(data.putArray("notChecked")::add);
  }

  private void groups() {
    ArrayNode nodes = data.putArray("groups");
    ArrayNode targets = data.putArray("targets");
    ArrayNode columns = data.putArray("columns");
    List<String> types = new ArrayList<>();
    for (GroupStatistics group : groups) {
      int index = nodes.size();
      group(group, nodes.addObject());
      for (ColumnStatistics column : group.columns()) {
        if (!types.contains(column.type())) {
          types.add(column.type());
        }

        column(column, index, types.indexOf(column.type()), columns.addArray());
        if (group.targets() && !column.quantiles().isEmpty()) {
          ArrayNode quantiles =
              targets.addObject().put("name", column.name()).putArray("quantiles");
          for (int percent = 0; percent <= Quantiles.STEPS; percent++) {
            quantiles.add(rounded(column.quantiles().at(percent)));
          }
        }
      }
    }

    types.forEach(data.putArray("types")::add);
    COLUMN_FIELDS.forEach(data.putArray("columnFields")::add);
  }

  private void group(GroupStatistics group, ObjectNode node) {
    node.put("name", group.group())
        .put("category", group.category())
        .put("source", group.table())
        .put("columns", group.columns().size())
        .put("missing", group.rowsMissing())
        .put("gaps", group.gaps())
        .put("longest", group.longestGaps().stream().mapToLong(Gap::rows).max().orElse(0))
        .put("duplicates", group.duplicates())
        .put("outside", group.rowsOutside())
        .put("bytes", run.groupBytes().getOrDefault(group.group(), 0L));
    ArrayNode gaps = node.putArray("longestGaps");
    group.longestGaps().stream().filter(gap -> gap.rows() >= LEAST_GAP).forEach(gaps::addPOJO);
    ArrayNode coverage = node.putArray("coverage");
    for (int i = 0; i < group.coverage().size(); i++) {
      coverage.add(group.coveragePercent(i));
    }
  }

  private static void column(ColumnStatistics column, int group, int type, ArrayNode row) {
    row.add(column.name()).add(group).add(type);
    row.add(column.nulls()).add(column.longestNulls()).add(column.distinct());
    boolean numbers = !column.quantiles().isEmpty();
    if (numbers) {
      row.add(rounded(column.min()))
          .add(rounded(column.quantiles().at(Quantiles.STEPS / 2)))
          .add(rounded(column.max()));
    } else {
      row.add(column.least()).addNull().add(column.greatest());
    }

    row.add(rounded(column.mean())).add(rounded(column.deviation()));
    row.add(column.zeros()).add(column.nan() + column.infinite());
  }

  private static @Nullable BigDecimal rounded(@Nullable Double value) {
    return value == null ? null : new BigDecimal(value).round(DIGITS).stripTrailingZeros();
  }

  private void run() {
    run.steps().forEach(data.putArray("steps")::addPOJO);
    ArrayNode timings = data.putArray("timings");
    run.timings()
        .forEach(
            (group, timing) ->
                timings
                    .addObject()
                    .put("group", group)
                    .put("began", timing.began())
                    .put("ended", timing.ended()));
    ObjectNode cost = data.putObject("cost").put("note", CostComparison.NOTE);
    CostComparison.costs().forEach(cost.putArray("ways")::addPOJO);
  }
}
