package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.doubles.StubJob;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several pairs: shared out over tasks, side by side, and none in the way of another. */
class LauncherPairsTest extends LaunchFixture {
  @BeforeEach
  void open() {
    site.without("PAIR").with("WAVES", "1");
  }

  @Test
  void allPairsAreSharedOutOverTheTasks() {
    site.dataflow.script = List.of("FAILED");
    site.with("PAIRS", "all").with("CLOUD_RUN_TASK_COUNT", "3");

    for (int task = 0; task < 3; task++) {
      site.with("CLOUD_RUN_TASK_INDEX", "" + task);

      assertThat(site.launch("extract").code()).isEqualTo(1);
      assertThat(site.dataflow.launches().size()).isEqualTo(List.of(10, 19, 28).get(task));
    }

    assertThat(site.dataflow.launched())
        .extracting(job -> job.parameters.get("pair"))
        .containsExactlyInAnyOrderElementsOf(Pair.ALL.stream().map(Pair::name).toList());
  }

  @Test
  void aTaskWithoutPairsHasNothingToDo() {
    Outcome outcome =
        site.with("PAIRS", "eurusd,gbpusd")
            .with("CLOUD_RUN_TASK_COUNT", "3")
            .with("CLOUD_RUN_TASK_INDEX", "2")
            .launch("extract");

    assertDone(outcome);
    assertThat(outcome.out()).startsWith("extract: 0 of 0 pairs are done");
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @Test
  void anAnswerThatNobodyExpectsEndsOnePairOnly() {
    site.with("PAIRS", "eurusd,gbpusd");
    site.dataflow.script = List.of("RUNNING", "FAILED");
    site.dataflow.fail("GET /jobs/[^/]+", 200, "no job at all");

    Outcome outcome = site.launch("extract");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).containsPattern("eurusd +failed").containsPattern("gbpusd +failed");
    assertThat(outcome.error()).contains("Cannot finish extract gbpusd: ");
  }

  /** The jobs of the stub are the real pipelines, on a sample of each pair. */
  @Test
  void threePairsAreExtractedAndMergedAtOnceAndOneMoreFailsAlone() {
    site.with("PAIRS", "eurusd,gbpusd,usdjpy,audcad");
    site.dataflow.script = List.of("RUNNING");
    site.dataflow.onLaunch = this::work;

    Outcome extract = site.launch("extract");

    assertThat(extract.code()).isEqualTo(1);
    assertThat(extract.out())
        .contains("extract: 3 of 4 pairs are done")
        .containsPattern("eurusd +done +300 ")
        .containsPattern("gbpusd +done +300 ")
        .containsPattern("usdjpy +done +300 ")
        .containsPattern("audcad +failed +0 ");
    assertThat(extract.error())
        .hasLineCount(2)
        .contains("Cannot finish extract audcad", "there is no warehouse of it");

    Outcome merge = site.with("PAIRS", "eurusd,gbpusd,usdjpy").launch("merge");

    assertDone(merge);
    assertThat(merge.out())
        .contains("merge: 3 of 3 pairs are done")
        .containsPattern("usdjpy +done +300 ");
    assertThat(Workplace.filesBelow(site.place().output()))
        .containsExactly(
            "training_eurusd.json",
            "training_eurusd.parquet",
            "training_gbpusd.json",
            "training_gbpusd.parquet",
            "training_usdjpy.json",
            "training_usdjpy.parquet");
  }

  private void work(StubJob job) {
    String pair = job.parameters.get("pair");
    if (pair.equals("audcad")) {
      job.error("there is no warehouse of it").states("RUNNING", "FAILED");

      return;
    }

    site.dataflow.start(() -> job.states("RUNNING", run(job, pair) == 0 ? "DONE" : "FAILED"));
  }

  /** The job's main, with the bucket as a directory. */
  private int run(StubJob job, String pair) {
    List<String> args = new ArrayList<>();
    job.parameters.forEach(
        (name, value) ->
            args.add(
                "--%s=%s".formatted(name, value.replace("gs://bucket", directory.toString()))));
    args.removeIf(
        arg -> arg.matches("--(warehouse|snapshotTime|gcsEndpoint|extractionWorkers)=.*"));
    if (job.name.startsWith("bqx-merge")) {
      return MergePipeline.run(args.toArray(String[]::new));
    }

    Path warehouse = directory.resolve(pair + ".duckdb");
    Samples.of(warehouse, Pair.of(pair), 300).withTables("{agg_*,var_agg_bqx_eur}").create();
    args.add("--warehouse=duckdb:" + warehouse);

    return ExtractPipeline.run(args.toArray(String[]::new));
  }
}
