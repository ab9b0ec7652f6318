package ml.bqx;

import java.io.IOException;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.NativeLibraries;
import ml.bqx.cli.Summary;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.quality.checks.Finding;
import ml.bqx.quality.report.QualityReport;
import ml.bqx.quality.report.QualityReport.CheckResult;
import ml.bqx.quality.report.ReportConfig;
import ml.bqx.quality.report.ReportOptions;
import ml.bqx.quality.report.WrittenReport;
import ml.bqx.storage.Storage;

/** Reports on the quality of a training set. */
public final class ReportData {
  static final Command<ReportOptions> COMMAND =
      new Command<>(
          "report",
          "Reports on the data that a model is going to be trained on: coverage, nulls, gaps,"
              + " distributions, and what is suspicious. It writes one HTML file that needs no"
              + " network, and the same as JSON.",
          ReportOptions.class);

  private ReportData() {}

  /** Runs the command {@code report}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, ReportConfig::from, ReportData::report);
  }

  private static void report(ReportOptions options, ReportConfig config) throws IOException {
    long start = System.nanoTime();
    NativeLibraries.load();
    Storage storage = CommandStorage.of(options, config.isOnThisMachine());
    QualityReport report = WrittenReport.write(storage, config);
    Summary summary =
        new Summary("report on " + config.pair())
            .count("rows", report.rows())
            .count("findings", report.findings().size());
    for (CheckResult result : report.checks()) {
      if (result.found() > 0) {
        summary.add(result.check().words(), "%,d (%s)".formatted(result.found(), result.example()));
      }
    }

    report.notChecked().forEach(reason -> summary.add("not checked", reason));
    summary.secondsSince("seconds", start).add("path", config.page()).print(System.out);
    if (config.failOnFindings() && !report.findings().isEmpty()) {
      throw new InvalidInputException(
          "The data of %s has %,d findings; the report is in %s"
              .formatted(config.pair(), report.findings().size(), config.page()),
          report.findings().stream().map(ReportData::inWords).toList());
    }
  }

  private static String inWords(Finding finding) {
    return "%s %s: %s".formatted(finding.subject(), finding.check().words(), finding.evidence());
  }
}
