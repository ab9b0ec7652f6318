package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** In Cloud Run, what the launcher prints is entries for Cloud Logging: one JSON object a line. */
class CloudLogTest extends LaunchFixture {
  private static final Pattern EXTRACTED = Pattern.compile("EXTRACT\\(jsonPayload\\.(\\w+)\\)");

  @Test
  void aJobThatFailsIsOneErrorWithItsPairWaveAndId() throws Exception {
    site.dataflow.script = List.of("RUNNING", "FAILED");
    site.dataflow.onLaunch = job -> job.error("Cannot read table agg_eurusd: Access Denied");

    List<JsonNode> entries = launch(1, "extract", "--waves=2");

    assertThat(entries)
        .filteredOn(entry -> entry.get("message").asText().startsWith("extract eurusd 2/2: "))
        .isNotEmpty()
        .allSatisfy(
            entry -> {
              assertThat(entry.get("pair").asText()).isEqualTo("eurusd");
              assertThat(entry.get("wave").asText()).isEqualTo("2/2");
            });
    assertThat(entries)
        .filteredOn(entry -> entry.get("message").asText().contains(": failed, "))
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(entry.get("jobId").asText()).startsWith("2024-01-01_"));
    assertThat(entries)
        .filteredOn(entry -> entry.get("message").asText().startsWith("Cannot finish"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.get("severity").asText()).isEqualTo("ERROR");
              assertThat(entry.get("pair").asText()).isEqualTo("eurusd");
              assertThat(entry.get("message").asText())
                  .contains("Cannot finish extract eurusd 1/2", "Cannot finish extract eurusd 2/2")
                  .contains("Access Denied");
            });
  }

  @Test
  void thePairsEndIsAnEntryWithAllThatMetricsExtract() throws Exception {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);

    List<JsonNode> entries =
        launch(
            0,
            "extract",
            "--waves=1",
            "--rowGroupRows=" + Workplace.ROW_GROUP_ROWS,
            "--shardRows=" + Workplace.SHARD_ROWS);

    assertThat(entries)
        .filteredOn(entry -> entry.path("event").asText().equals("pair"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.get("pair").asText()).isEqualTo("eurusd");
              assertThat(entry.get("kind").asText()).isEqualTo("extract");
              assertThat(entry.get("good").asBoolean()).isTrue();
              assertThat(entry.get("rows").asLong()).isEqualTo(2_500);
              assertThat(entry.get("dollars").asDouble()).isPositive();
              for (String metric : List.of("metric-pairs", "metric-dollars")) {
                assertThat(extracted(metric)).isNotEmpty().allMatch(entry::hasNonNull);
              }
            });
  }

  @Test
  void aLaunchThatIsRefusedIsOneError() throws Exception {
    site.without("PROJECT").without("REGION");

    assertThat(launch(1, "extract"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.get("severity").asText()).isEqualTo("ERROR");
              assertThat(entry.get("message").asText()).contains("PROJECT", "REGION");
            });
  }

  private static List<String> extracted(String metric) throws IOException {
    List<String> fields = new ArrayList<>();
    Matcher matcher =
        EXTRACTED.matcher(Files.readString(Path.of("deploy/monitoring", metric + ".json")));
    while (matcher.find()) {
      fields.add(matcher.group(1));
    }

    return fields;
  }

  /** The entries that a launcher prints on Cloud Run. */
  private List<JsonNode> launch(int code, String... args) throws Exception {
    site.with("CLOUD_RUN_EXECUTION", "bqx-ml-extract-x7k2p");
    Path log = directory.resolve("log.txt");
    Process process = site.start(log, args);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    List<JsonNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      entries.add(new ObjectMapper().readTree(line));
    }

    return entries;
  }
}
