package ml.bqx.quality.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ml.bqx.checkpoint.Json;
import ml.bqx.quality.report.RunRecord.Step;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;

/** A report as two files: for people and for programs. */
public final class WrittenReport {
  private WrittenReport() {}

  /**
   * Makes the report and writes both files, each whole or not at all.
   *
   * @throws ml.bqx.failure.InvalidInputException when there is nothing to report on
   */
  public static QualityReport write(Storage storage, ReportConfig config) throws IOException {
    Instant began = Instant.now();
    QualitySource source = QualitySource.of(storage, config.location());
    Instant read = Instant.now();
    QualityReport report = QualityReport.of(storage, config, source);
    List<Step> steps =
        List.of(
            Step.until("report: statistics", began, read),
            Step.until("report: checks", read, Instant.now()));
    ObjectNode content =
        ReportContent.of(
            report, source.statistics().groups(), RunRecord.of(storage, config, source, steps));
    storage.checkWritable(config.output());
    publish(storage, config.page(), ReportPage.of(content).getBytes(UTF_8));
    publish(storage, config.json(), Json.bytes(content));
    return report;
  }

  private static void publish(Storage storage, String path, byte[] content) throws IOException {
    try (NewFile file = storage.newFile("%s.%s.part".formatted(path, UUID.randomUUID()))) {
      file.write(content);
      file.publish(path);
    }
  }
}
