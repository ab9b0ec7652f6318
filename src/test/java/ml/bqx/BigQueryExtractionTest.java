package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.Timestamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.bqx.cost.PricedItem;
import ml.bqx.cost.Prices;
import ml.bqx.doubles.FakeBigQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extracting through BigQueryIO gives what extracting the same tables from DuckDB does. */
@ExtendWith(SampleSets.class)
class BigQueryExtractionTest {
  @TempDir Path root;

  @Test
  void theTrainingFileHoldsWhatTheWarehouseDoes(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      Outcome extraction = extract(place, bigQuery, "--waves=3");

      assertDone(extraction);
      assertThat(extraction.summary("checkpoints extracted")).isEqualTo("16");
    }

    assertDone(place.merge("--mergeMethod=stream"));
    Outcome verification =
        Outcome.of(
            VerifyTraining::run,
            "--pair=eurusd",
            "--warehouse=duckdb:" + sets.warehouse(),
            "--output=" + place.output());
    assertDone(verification);
  }

  @Test
  void checkpointsAreThoseOfAnExtractionFromDuckDb(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      assertDone(extract(place, bigQuery, "--snapshotTime=2024-07-01T00:00:00Z"));
    }

    JsonNode ours = place.readManifest();
    JsonNode theirs = sets.aligned().readManifest();
    assertThat(ours.get("warehouse").asText()).isEqualTo("bigquery:test-project");
    assertThat(ours.get("snapshotTime").asText()).isEqualTo("2024-07-01T00:00:00Z");
    assertThat(ours.get("spine")).isEqualTo(theirs.get("spine"));
    assertThat(ours.get("checkpoints")).hasSameSizeAs(theirs.get("checkpoints"));
    for (int i = 0; i < theirs.get("checkpoints").size(); i++) {
      JsonNode our = ours.get("checkpoints").get(i);
      JsonNode their = theirs.get("checkpoints").get(i);
      assertThat(our.get("lastModified").asText()).isEqualTo("2024-06-01T00:00:00Z");
      for (String same :
          List.of(
              "group",
              "columns",
              "rowsRead",
              "rowsMissing",
              "rowsOutside",
              "rowsWithoutTimestamp",
              "duplicates")) {
        assertThat(our.get(same))
            .as("%s of %s", same, their.get("group"))
            .isEqualTo(their.get(same));
      }
    }
  }

  @Test
  void allTablesAreReadAsOfOneMomentAndNoMoreThanIsNeeded(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      Outcome extraction =
          extract(
              place,
              bigQuery,
              "--snapshotTime=2024-07-01T00:00:00.250Z",
              "--startDate=2024-01-01",
              "--endDate=2024-01-01",
              "--groups={regime,agg_idx}*");

      assertDone(extraction);
      assertThat(extraction.summary("rows")).startsWith("1,440, from 2024-01-01T00:00:00Z");
      assertThat(bigQuery.sessions)
          .hasSize(6)
          .allSatisfy(
              request -> {
                ReadSession session = request.getReadSession();
                Timestamp moment = session.getTableModifiers().getSnapshotTime();
                assertThat(moment.getSeconds()).isEqualTo(1_719_792_000L);
                assertThat(moment.getNanos()).isEqualTo(250_000_000);
                assertThat(session.getReadOptions().getSelectedFieldsList())
                    .startsWith("interval_time")
                    .doesNotContain("pair");
                assertThat(session.getReadOptions().getRowRestriction())
                    .isEqualTo(
                        "(interval_time >= TIMESTAMP '2024-01-01 00:00:00.000000+00:00' AND"
                            + " interval_time <= TIMESTAMP '2024-01-01 23:59:%s+00:00') OR"
                            + " interval_time IS NULL",
                        session.getTable().contains("targets") ? "59.999999" : "00.000000");
              });
    }
  }

  @Test
  void onlyWhatChangedIsExtractedAgain(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      assertDone(extract(place, bigQuery));
      bigQuery.sessions.clear();
      bigQuery.written.put("mkt_regime", FakeBigQuery.WRITTEN.plusSeconds(1));
      Files.delete(place.directory().resolve("checkpoint_cyc_bqx_eurusd-00001-of-00003.parquet"));

      Outcome again = extract(place, bigQuery);

      assertDone(again);
      assertThat(again.summary("checkpoints extracted")).isEqualTo("2");
      assertThat(again.summary("checkpoints kept")).isEqualTo("14");
      assertThat(bigQuery.sessions)
          .extracting(request -> request.getReadSession().getTable().replaceAll(".*/", ""))
          .containsExactlyInAnyOrder("targets_eurusd", "mkt_regime", "cyc_bqx_eurusd");
    }
  }

  /** What was written later is not read, and so must not be taken for it afterwards. */
  @Test
  void aTableWrittenAfterTheSnapshotIsReadAgainAtALaterOne(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      bigQuery.written.put("mkt_regime", Instant.parse("2024-08-01T00:00:00Z"));
      assertDone(extract(place, bigQuery, "--snapshotTime=2024-07-01T00:00:00Z"));

      Outcome same = extract(place, bigQuery, "--snapshotTime=2024-07-01T00:00:00Z");
      assertThat(same.summary("checkpoints extracted")).isEqualTo("0");

      Outcome later = extract(place, bigQuery, "--snapshotTime=2024-08-02T00:00:00Z");
      assertThat(later.summary("checkpoints extracted")).isEqualTo("1");
    }
  }

  @Test
  void wavesOfTheirOwnMakeTheManifestWhenTheLastIsDone(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      int committed = 0;
      for (int wave : List.of(2, 3)) {
        Outcome outcome = extract(place, bigQuery, "--wave=%d/3".formatted(wave));

        assertDone(outcome);
        assertThat(place.manifest()).doesNotExist();
        committed = Workplace.filesBelow(place.directory().resolve("_commits")).size();
        assertThat(outcome.out()).startsWith("extracted wave %d/3 of eurusd".formatted(wave));
        assertThat(outcome.summary("checkpoints missing, of other waves"))
            .isEqualTo("" + (16 - committed));
      }

      assertThat(committed).isBetween(3, 15);
      assertDone(extract(place, bigQuery, "--wave=1/3"));
      assertThat(place.readManifest().get("checkpoints")).hasSize(16);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void wavesRunSideBySide(String layout, SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      List<Future<Integer>> waves = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(3);
      for (int wave = 1; wave <= 3; wave++) {
        String[] args = args(place, bigQuery, "--wave=%d/3".formatted(wave), "--layout=" + layout);
        waves.add(threads.submit(() -> ExtractPipeline.run(bigQuery.services(), args)));
      }

      for (Future<Integer> wave : waves) {
        assertThat(wave.get()).isZero();
      }

      threads.shutdown();
      assertThat(place.readManifest().get("checkpoints")).hasSize(16);
      ResumeTest.assertIntact(place, 16);
      assertThat(Workplace.filesBelow(place.directory())).noneMatch(file -> file.contains("_temp"));
    }
  }

  @Test
  void viewsAreReadByQueriesWhenTheyMay(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      bigQuery.kinds.put("mkt_regime", "VIEW");

      assertDone(extract(place, bigQuery, "--materializeViews"));

      assertThat(bigQuery.results).hasSize(1);
      assertDone(place.merge("--mergeMethod=stream"));
      assertDone(
          Outcome.of(
              VerifyTraining::run,
              "--pair=eurusd",
              "--warehouse=duckdb:" + sets.warehouse(),
              "--output=" + place.output()));
      // Nobody can tell whether a view is still what it was.
      Outcome again = extract(place, bigQuery, "--materializeViews");
      assertThat(again.summary("checkpoints extracted")).isEqualTo("1");
    }
  }

  @Test
  void validateOnlyTellsWhatWouldBeReadAndChangesNothing(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(root, sets.warehouse());
    try (FakeBigQuery bigQuery = FakeBigQuery.over(sets.warehouse())) {
      Outcome outcome =
          extract(place, bigQuery, "--validateOnly", "--storageReadPricePerTiB=1000000");

      assertDone(outcome);
      assertThat(outcome.out())
          .contains("would extract eurusd; nothing was changed")
          .containsPattern(
              "bqx_ml_v3_features_v2.mkt_regime +\\d+ columns +[\\d,]+ rows +[\\d,]+ bytes");
      assertThat(outcome.summary("feature groups")).isEqualTo("15");
      long bytes = Long.parseLong(outcome.summary("bytes to read").replace(",", ""));
      assertThat(bytes).isGreaterThan(1_000_000);
      assertThat(outcome.summary("Storage Read, estimated"))
          .isEqualTo("$%.4f at $1000000.00 a TiB".formatted(bytes / Math.pow(2, 40) * 1_000_000));
      assertThat(Workplace.filesBelow(root)).isEmpty();

      Prices.Price listed = Prices.of(PricedItem.STORAGE_READ);
      assertThat(extract(place, bigQuery, "--validateOnly").summary("Storage Read, estimated"))
          .isEqualTo(
              "$%.4f at $%.2f a TiB (%s, as of %s)",
              bytes / Math.pow(2, 40) * listed.dollars(),
              listed.dollars(),
              listed.source(),
              listed.date());

      bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.DENIED);
      assertThat(extract(place, bigQuery, "--validateOnly").error())
          .startsWith("error: Cannot read table bqx_ml_v3_features_v2.mkt_regime: Access Denied");
    }
  }

  @Test
  void validateOnlyWorksForTheEmbeddedWarehouseToo(SampleSets.Sets sets) {
    Workplace place = new Workplace(root, sets.warehouse());

    Outcome outcome = place.extract("--validateOnly");

    assertDone(outcome);
    assertThat(outcome.summary("feature groups")).isEqualTo("15");
    assertThat(Workplace.filesBelow(root)).isEmpty();
  }

  static Outcome extract(Workplace place, FakeBigQuery bigQuery, String... more) {
    return Outcome.of(
        all -> ExtractPipeline.run(bigQuery.services(), all), args(place, bigQuery, more));
  }

  /** The options that an extraction needs, unless {@code more} sets them. */
  static String[] args(Workplace place, FakeBigQuery bigQuery, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    for (String option : bigQuery.args()) {
      String start = option.substring(0, option.indexOf('=') + 1);
      if (args.stream().noneMatch(arg -> arg.startsWith(start))) {
        args.add(option);
      }
    }

    return place.extractArgs(args.toArray(String[]::new));
  }
}
