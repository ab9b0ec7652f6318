package ml.bqx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What commands print for programs, for scripts that want silence, and for shells. */
@ExtendWith(SampleSets.class)
class OutputTest {
  @TempDir Path directory;

  @Test
  void aSummaryIsOneObjectOnStdout(SampleSets.Sets sets) throws Exception {
    Outcome outcome =
        sets.aligned()
            .merge("--output=" + directory, "--mergeMethod=stream", "--features=agg_*", "--json");

    assertDone(outcome);
    JsonNode object = new ObjectMapper().readTree(outcome.out());
    assertThat(object.get("command").asText()).isEqualTo("merge");
    assertThat(object.get("succeeded").asBoolean()).isTrue();
    JsonNode summary = object.get("summaries").get(0);
    assertThat(summary.get("title").asText()).isEqualTo("merged eurusd");
    assertThat(summary.get("rows").asInt()).isEqualTo(SampleSets.MINUTES);
    assertThat(summary.get("rowsFilledWithNulls").isIntegralNumber()).isTrue();
    assertThat(summary.get("size").isIntegralNumber()).isTrue();
    assertThat(summary.get("seconds").isNumber()).isTrue();
    assertThat(summary.get("path").asText()).endsWith("training_eurusd.parquet");
    assertThat(outcome.err()).contains("merge: ");
  }

  @Test
  void anErrorIsOneObjectToo() throws Exception {
    Outcome outcome = Outcome.of(CheckFiles::run, "--json", "--file=" + directory.resolve("no"));

    assertThat(outcome.code()).isEqualTo(1);
    JsonNode object = new ObjectMapper().readTree(outcome.out());
    assertThat(object.get("succeeded").asBoolean()).isFalse();
    assertThat(object.get("error").asText()).isEqualTo(outcome.error().substring(7)).isNotEmpty();
  }

  @Test
  void aQuietCommandPrintsErrorsOnly(SampleSets.Sets sets) {
    Outcome done =
        sets.aligned()
            .merge("--output=" + directory, "--mergeMethod=stream", "--features=agg_*", "--quiet");
    Outcome failed = Outcome.of(CheckFiles::run, "--quiet", "--file=" + directory.resolve("no"));

    assertDone(done);
    assertThat(done.out()).isEmpty();
    assertThat(done.err()).isEmpty();
    assertThat(failed.out()).isEmpty();
    assertThat(failed.error()).isNotEmpty();
  }

  @Test
  void aQuietCommandPrintsItsObjectAlone(SampleSets.Sets sets) throws Exception {
    Outcome outcome =
        Outcome.of(InspectFiles::run, "" + sets.aligned().directory(), "--json", "--quiet");
    Outcome merge =
        sets.aligned().merge("--output=" + directory, "--mergeMethod=stream", "--json", "--quiet");

    assertThat(outcome.err()).isEmpty();
    assertThat(merge.err()).isEmpty();
    JsonNode group =
        new ObjectMapper().readTree(outcome.out()).get("summaries").get(0).get("groups").get(1);
    assertThat(group.get("group").asText()).isEqualTo("agg");
    assertThat(group.get("columns").isIntegralNumber()).isTrue();
    assertThat(group.get("rowsMissing").asInt()).isEqualTo(SampleSets.MINUTES);
  }

  @Test
  void theNextCommandPrintsAsUsual(SampleSets.Sets sets) {
    sets.aligned().merge("--output=" + directory, "--mergeMethod=stream", "--quiet");

    Outcome outcome =
        Outcome.of(CheckFiles::run, "--file=" + directory.resolve("training_eurusd.parquet"));

    assertThat(outcome.summary("faults")).isEqualTo("0");
  }

  @Test
  void bashCompletesCommandsOptionsAndValues() throws Exception {
    assertThat(completed("bqx", "me")).containsExactly("merge");
    assertThat(completed("bqx", "merge", "--mergeM")).containsExactly("--mergeMethod");
    assertThat(completed("bqx", "merge", "--mergeMethod", "=", "st")).containsExactly("stream");
    assertThat(completed("bqx", "merge", "--mergeMethod", "co")).containsExactly("compose");
    assertThat(completed("bqx", "sample", "--mergeM")).isEmpty();
  }

  private static List<String> completed(String... words) throws IOException, InterruptedException {
    Outcome script = Outcome.ofMain(List.of("completion", "bash"));
    assertDone(script);
    String call =
        "%nCOMP_WORDS=(%s); COMP_CWORD=%d; _bqx_ml; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(String.join(" ", words), words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", script.out() + call).redirectErrorStream(true).start();
    String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(out).isZero();
    return out.lines().filter(line -> !line.isEmpty()).toList();
  }
}
