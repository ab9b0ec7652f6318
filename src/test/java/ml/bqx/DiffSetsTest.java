package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SampleSets.class)
class DiffSetsTest {
  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @Test
  void setsOfOneTableInTwoLayoutsAreEqualInEveryRow() throws Exception {
    String before = sets.aligned().directory().toString();
    Outcome outcome = Outcome.of(DiffSets::run, before, sets.sharded().directory().toString());

    assertDone(outcome);
    assertThat(outcome.out())
        .containsPattern("rows +2,500 -> 2,500\n")
        .containsPattern("columns that came +0\n")
        .containsPattern("columns that went +0\n")
        .containsPattern("columns of another type +0\n")
        .containsPattern("columns with other values +0\n");
  }

  @Test
  void namesOfTheOptionsCanBeLeftOut() {
    Outcome outcome =
        Outcome.of(DiffSets::run, "" + sets.aligned().directory(), "" + sets.sharded().directory());

    assertDone(outcome);
    assertThat(outcome.out()).containsPattern("columns with other values +0\n");
  }

  @Test
  void aTrainingFileIsEqualToItsCheckpoints() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    assertDone(
        place.merge("--mergeMethod=stream", "--checkpoints=" + sets.aligned().checkpoints()));

    assertThat(diff(sets.aligned().directory(), place.trainingFile()).out())
        .containsPattern("columns with other values +0\n");
  }

  @Test
  void whatCameWentAndMovedIsTold() throws Exception {
    Workplace place = new Workplace(directory.resolve("new"), directory.resolve("w.duckdb"));
    Files.copy(sets.warehouse(), place.warehouse());
    try (Duck duck = Duck.of(place.warehouse())) {
      String table = "bqx_ml_v3_features_v2.regime_eurusd_45";
      duck.run("ALTER TABLE %s ALTER regime_minutes TYPE DOUBLE".formatted(table));
      duck.run("ALTER TABLE %s RENAME regime_label TO label".formatted(table));
      duck.run("UPDATE %s SET is_trending = true".formatted(table));
      duck.run("UPDATE bqx_ml_v3_features_v2.mkt_sentiment SET index_level = index_level * 100");
    }

    assertDone(place.extract());
    Path json = directory.resolve("diff.json");
    Outcome outcome =
        diff(sets.aligned().directory(), place.directory(), "--jsonFile=" + json, "--top=1");

    assertDone(outcome);
    assertThat(outcome.out())
        .containsPattern("columns that came +1 \\(regime_45__label\\)\n")
        .containsPattern("columns that went +1 \\(regime_45__regime_label\\)\n")
        .containsPattern("columns of another type +1 \\(regime_45__regime_minutes\\)\n")
        .containsPattern("columns with other values +3\n");
    JsonNode changed = new ObjectMapper().readTree(json.toFile()).get("changed");
    assertThat(changed).hasSize(3);
    assertThat(changed.get(0).get("typeBefore").asText()).isEqualTo("INT64");
    assertThat(changed.get(0).get("typeAfter").asText()).isEqualTo("DOUBLE");
    assertThat(changed.get(1).get("name").asText()).isEqualTo("mkt_sentiment__index_level");
    assertThat(changed.get(1).at("/drift/ks").asDouble()).isEqualTo(1);
    assertThat(changed.get(1).at("/drift/psi").asDouble()).isGreaterThan(5);
    assertThat(changed.get(2).get("name").asText()).isEqualTo("regime_45__is_trending");
    assertThat(outcome.out()).containsPattern("column +PSI +KS");
  }

  @Test
  void whatHasNoManifestIsNoSet() {
    assertThat(diff(directory, directory).error())
        .startsWith("error: Cannot read statistics: there is no _manifest.json in " + directory);
    assertThat(diff(directory, directory.resolve("x.parquet")).code()).isEqualTo(1);
  }

  private static Outcome diff(Path before, Path after, String... more) {
    String[] args = Arrays.copyOf(more, more.length + 2);
    args[more.length] = "--before=" + before;
    args[more.length + 1] = "--after=" + after;

    return Outcome.of(DiffSets::run, args);
  }
}
