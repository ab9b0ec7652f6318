package ml.bqx.quality.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.Resources;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.checkpoint.Json;
import ml.bqx.quality.checks.Finding;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.GroupStatistics.Gap;
import ml.bqx.quality.statistics.PairStatistics;
import ml.bqx.quality.statistics.Quantiles;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The report for people: one HTML file that needs no network. */
final class ReportPage {
  private static final String ECHARTS =
      "META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  /** Digits of a figure in the page; all of them are in the statistics. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

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

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ReportPage() {}

  /** The whole page. */
  static String of(QualityReport report, PairStatistics statistics) throws IOException {
    String template = resource("ml/bqx/quality/report/report.html");
    // In a script, a slash behind < could end it.
    String data = Json.line(data(report, statistics)).replace("</", "<\\/");
    return template.replace("/*DATA*/", data).replace("/*ECHARTS*/", resource(ECHARTS));
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(name), UTF_8);
  }

  private static ObjectNode data(QualityReport report, PairStatistics statistics) {
    ObjectNode data = JSON.objectNode();
    data.put("pair", report.pair())
        .put("location", report.location())
        .put("made", report.made())
        .put("rows", report.rows())
        .put("first", report.first())
        .put("last", report.last())
        .put("buckets", GroupStatistics.BUCKETS);
    ArrayNode checks = data.putArray("checks");
    for (QualityReport.CheckResult result : report.checks()) {
      checks
          .addObject()
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
          .put("subject", finding.subject())
          .put("words", finding.check().words())
          .put("evidence", finding.evidence());
    }

    report.notChecked().forEach(data.putArray("notChecked")::add);
    groups(statistics, data);
    data.putPOJO("difference", report.difference());
    return data;
  }

  private static void groups(PairStatistics statistics, ObjectNode data) {
    ArrayNode groups = data.putArray("groups");
    ArrayNode targets = data.putArray("targets");
    ArrayNode columns = data.putArray("columns");
    List<String> types = new ArrayList<>();
    for (GroupStatistics group : statistics.groups()) {
      int index = groups.size();
      group(group, groups.addObject());
      for (ColumnStatistics column : group.columns()) {
        if (!types.contains(column.type())) {
          types.add(column.type());
        }

        column(column, index, types.indexOf(column.type()), columns.addArray());
        if (group.targets() && !column.quantiles().isEmpty()) {
          ObjectNode target = targets.addObject().put("name", column.name());
          ArrayNode quantiles = target.putArray("quantiles");
          for (int percent = 0; percent <= Quantiles.STEPS; percent++) {
            quantiles.add(rounded(column.quantiles().at(percent)));
          }
        }
      }
    }

    types.forEach(data.putArray("types")::add);
    COLUMN_FIELDS.forEach(data.putArray("columnFields")::add);
  }

  private static void group(GroupStatistics group, ObjectNode node) {
    node.put("name", group.group())
        .put("source", group.table())
        .put("columns", group.columns().size())
        .put("missing", group.rowsMissing())
        .put("gaps", group.gaps())
        .put("longest", group.longestGaps().stream().mapToLong(Gap::rows).max().orElse(0))
        .put("duplicates", group.duplicates())
        .put("outside", group.rowsOutside());
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
}
