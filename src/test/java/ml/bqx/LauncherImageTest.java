package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.bqx.launch.LaunchVariable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher's image runs, with what the manifests tell it, before it asks any service. */
class LauncherImageTest {
  private static final Map<String, String> NAMES =
      Map.of(
          "PROJECT", "my-project",
          "REGION", "us-central1",
          "DATA_BUCKET", "my-data",
          "TEMP_BUCKET", "my-temp",
          "JOBS_BUCKET", "my-jobs");

  @TempDir Path directory;

  @Test
  void entrypointExplainsItself() throws Exception {
    String log = run("bqx-ml-extract", Map.of(), 0, "--help");

    for (LaunchVariable variable : LaunchVariable.values()) {
      assertThat(log).contains(variable.name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bqx-ml-extract, '1 Dataflow job, 3 workers in total'",
    "bqx-ml-extract-here, 'extract, in its own container'",
    "bqx-ml-merge, 'merge, stream'",
    "bqx-ml-merge-beam, 'merge, beam'",
    "bqx-ml-merge-large, 'merge, polars'"
  })
  void everyManifestIsValidForTheLauncher(String job, String section) throws Exception {
    String log = run(job, Map.of("PAIRS", "all", "ESTIMATE", "true"), 0);

    assertThat(log).contains(section, "\n  total  ");
  }

  @Test
  void executionWithoutAPairIsRefusedInAMessage() throws Exception {
    String log = run("bqx-ml-merge", Map.of(), 1);

    assertThat(log).contains("error: ", "PAIR").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bqx-ml-extract",
        "bqx-ml-extract-here",
        "bqx-ml-merge",
        "bqx-ml-merge-beam",
        "bqx-ml-merge-large"
      })
  void inCloudRunAnErrorIsOneEntryWhateverTheImage(String job) throws Exception {
    String log = run(job, Map.of("CLOUD_RUN_EXECUTION", "execution-1"), 1);

    // The archive of classes is in the image only, and newer JVMs say so.
    assertThat(log.lines().filter(line -> !line.contains("[cds]")))
        .singleElement()
        .asString()
        .startsWith("{")
        .contains("\"severity\":\"ERROR\"", "PAIR");
  }

  private String run(String job, Map<String, String> more, int code, String... args)
      throws Exception {
    Path log = directory.resolve("log");
    Process process = LauncherImage.of(job, NAMES).start(more, log, args);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", job).isTrue();
    String text = Files.readString(log);
    assertThat(process.exitValue()).as(text).isEqualTo(code);

    return text;
  }
}
