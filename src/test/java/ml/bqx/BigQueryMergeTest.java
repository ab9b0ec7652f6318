package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The merge in BigQuery, against the emulators. */
@Tag("emulators")
class BigQueryMergeTest extends ForeignFiles {
  private String bucket;

  @BeforeEach
  void makeBucket() {
    bucket = Emulators.newBucket();
  }

  private Outcome merge(String... more) {
    List<String> args = new ArrayList<>(Emulators.args());
    args.add("--mergeMethod=bigquery");
    args.add("--tempLocation=" + bucket + "/temp");
    args.addAll(List.of(more));
    return place.merge(args.toArray(String[]::new));
  }

  @Test
  void tablesOfThreeLevelsBecomeOneFile() throws Exception {
    writeTargets();
    for (int group = 1; group <= 119; group++) {
      write(
          "g%03d_eurusd".formatted(group),
          "SELECT %s AS interval_time, i * %d AS x, i / %2$d AS y %s WHERE i <> %2$d %% 7"
              .formatted(TIME, group, ROWS));
    }

    Outcome outcome = merge("--rowGroupRows=2");

    Outcome stream =
        place.merge(
            "--mergeMethod=stream", "--rowGroupRows=2", "--output=" + directory.resolve("stream"));
    assertDone(stream);
    duck.assertTraining(
        place.trainingFile(), Duck.values(directory.resolve("stream/training_eurusd.parquet")), 2);
    assertThat(outcome.summary("rows filled with nulls"))
        .isEqualTo(stream.summary("rows filled with nulls"));
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    JsonNode datasets = Emulators.bigQuery("GET", "datasets", Map.of());
    assertThat(datasets.findValuesAsText("datasetId"))
        .noneMatch(name -> name.startsWith("bqx_ml_merge_"));
    assertThat(filesBelow(directory)).noneMatch(name -> name.contains("_temporary"));
  }
}
