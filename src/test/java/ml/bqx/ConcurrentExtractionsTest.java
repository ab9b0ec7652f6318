package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import ml.bqx.doubles.FakeBigQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Extractions of one pair at the same time: each ends right, or says that another one is in its
 * way, and at least one ends right.
 */
class ConcurrentExtractionsTest extends BigQueryFixture {
  private static final String OTHER = "another extraction of the pair";
  private static final int CHECKPOINTS = 16;

  @TempDir static Path kept;

  private static Path extracted;

  /** Where the first run is when the second one begins and ends, and what both are told to do. */
  static Stream<Arguments> moments() {
    return Stream.of("targets_eurusd", "csi_agg_aud")
        .flatMap(
            table ->
                Stream.of(
                    Arguments.of(table, "", "--force"),
                    Arguments.of(table, "--force", "--force"),
                    Arguments.of(table, "--force", ""),
                    Arguments.of(table, "", "--layout=sharded"),
                    Arguments.of(table, "--force", "--endDate=2024-01-01")));
  }

  @ParameterizedTest
  @MethodSource("moments")
  void oneRunsWhileTheOtherReadsATable(String table, String mine, String its) throws Exception {
    copyExtracted();
    for (String name : List.of("csi_agg_aud", "mkt_regime", "targets", "var_agg_bqx_eur")) {
      Files.delete(place.directory().resolve("_commits").resolve(name + ".json"));
    }

    AtomicReference<Outcome> other = new AtomicReference<>();
    bigQuery.meanwhile.put(table, () -> other.set(extract(options(its))));

    Outcome mineEnded = extract(options(mine));

    if (other.get() == null) {
      // The table was there, so that nobody read it.
      assertDone(mineEnded);
      return;
    }

    assertDone(other.get());
    if (mineEnded.code() != 0) {
      assertThat(mineEnded.error()).contains(OTHER);
    }

    assertWhole();
  }

  /** Puts a whole extraction in place, which the first test that needs it makes. */
  private void copyExtracted() throws Exception {
    if (extracted == null) {
      assertDone(extract());
      extracted = kept.resolve("checkpoints");
      Workplace.copy(place.checkpoints(), extracted);
    } else {
      Workplace.copy(extracted, place.checkpoints());
    }
  }

  @Test
  void twoThatBeginTogetherDoNotHarmEachOther() throws Exception {
    Random random = new Random(11);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (int round = 0; round < 3; round++) {
      String[] plain = BigQueryExtractionTest.args(place, bigQuery);
      String[] forced = BigQueryExtractionTest.args(place, bigQuery, "--force");
      int delay = random.nextInt(600);
      int code;
      int forcedCode;
      String said;
      try (Console console = new Console()) {
        Future<Integer> first =
            threads.submit(() -> ExtractPipeline.run(bigQuery.services(), plain));
        Thread.sleep(delay);
        Future<Integer> second =
            threads.submit(() -> ExtractPipeline.run(bigQuery.services(), forced));
        code = first.get();
        forcedCode = second.get();
        said = console.err();
      }

      assertThat(forcedCode).as(said).isZero();
      if (code != 0) {
        assertThat(said).contains(OTHER);
      }

      assertWhole();
      Files.delete(place.directory().resolve("_commits/mkt_regime.json"));
    }

    threads.shutdown();
  }

  @Test
  void aForcedRunThatFailsCountsNothingThatWasThereBefore() throws Exception {
    assertDone(extract("--waves=4"));
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.DENIED);

    Outcome failed = extract("--waves=4", "--force");

    assertThat(failed.error())
        .startsWith("error: Cannot complete the extraction: ")
        .contains(" of 16 checkpoints are missing; the others are kept, run again")
        .contains("mkt_regime");
    assertThat(Workplace.filesBelow(place.directory().resolve("_commits")))
        .doesNotContain("mkt_regime.json");
    int kept = Workplace.filesBelow(place.directory().resolve("_commits")).size();

    bigQuery.faults.clear();
    Outcome again = extract("--waves=4");

    assertDone(again);
    assertThat(again.summary("checkpoints kept")).isEqualTo("" + kept);
    assertWhole();
  }

  private void assertWhole() throws Exception {
    ResumeTest.assertIntact(place, CHECKPOINTS);
    assertThat(Workplace.filesBelow(place.directory())).noneMatch(file -> file.contains("_temp"));
    assertDone(place.merge("--mergeMethod=stream"));
  }

  /** With time for another extraction while a table is read. */
  private static String[] options(String option) {
    String patience = "--storageReadTimeout=120";
    return option.isEmpty() ? new String[] {patience} : new String[] {patience, option};
  }
}
