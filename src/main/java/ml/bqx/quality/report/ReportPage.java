package ml.bqx.quality.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.Resources;
import java.io.IOException;
import java.util.List;
import ml.bqx.checkpoint.Json;

/** The report for people: one HTML file that needs no network. */
final class ReportPage {
  private static final String ECHARTS =
      "META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  private static final String FOLDER = "ml/bqx/quality/report/";

  /** In the order in which they use each other. */
  private static final List<String> SCRIPTS =
      List.of("base.js", "tables.js", "coverage.js", "charts.js");

  private ReportPage() {}

  /** The whole page, of what {@link ReportContent} makes. */
  static String of(ObjectNode content) throws IOException {
    StringBuilder scripts = new StringBuilder();
    for (String script : SCRIPTS) {
      scripts.append(resource(FOLDER + script));
    }

    // The data comes last, because only it could hold what looks like another placeholder. In a
    // script, < could begin its end or a comment.
    return resource(FOLDER + "report.html")
        .replace("/*STYLE*/", resource(FOLDER + "report.css"))
        .replace("/*ECHARTS*/", resource(ECHARTS))
        .replace("/*SCRIPTS*/", scripts)
        .replace("/*DATA*/", Json.line(content).replace("<", "\\u003c"));
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(name), UTF_8);
  }
}
