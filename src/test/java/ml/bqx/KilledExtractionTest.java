package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.bqx.catalog.Pair;
import ml.bqx.options.MergeMethod;
import ml.bqx.sample.Sample;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An extraction that is killed loses the groups in flight and nothing else. */
class KilledExtractionTest {
  /** 144 tables, so that the kill finds some done and many not. */
  private static final String TABLES = "csi_*";

  private static final int ENOUGH_COMMITS = 5;

  @TempDir Path directory;

  @Test
  void whatWasCommittedBeforeTheKillIsKept() throws Exception {
    Sample sample =
        Samples.of(directory.resolve("w.duckdb"), Pair.of(Workplace.PAIR), 1_100)
            .withTables(TABLES)
            .create();
    Workplace place = new Workplace(directory, sample.file());
    int checkpoints = sample.groups() + 1;

    extractAndKill(place);

    assertThat(place.manifest()).doesNotExist();
    Map<String, FileTime> committed = committed(place);
    assertThat(committed).hasSizeBetween(ENOUGH_COMMITS, checkpoints - 1);
    assertMergeIsRefused(place);
    List<FileTime> written = modificationTimes(place, committed);

    Outcome second = place.extract();

    assertDone(second);
    assertThat(second.summary("checkpoints kept")).isEqualTo("" + committed.size());
    assertThat(second.summary("checkpoints extracted"))
        .isEqualTo("" + (checkpoints - committed.size()));
    assertThat(committed(place)).hasSize(checkpoints).containsAllEntriesOf(committed);
    assertThat(modificationTimes(place, committed)).isEqualTo(written);
    ResumeTest.assertIntact(place, checkpoints);
    assertThat(filesBelow(place.directory()))
        // A record and two files for each, the manifest and all statistics.
        .hasSize(3 * checkpoints + 2)
        .noneMatch(file -> file.contains("_temporary") || file.endsWith(".tmp"));

    assertDone(place.merge("--mergeMethod=stream", "--expectedFeatures=" + sample.features()));
  }

  /** As it is between the moment when the first checkpoint gets its name and that of its record. */
  @Test
  void targetsOfAnExtractionThatBeganAreNoSetOfTheirOwn() throws Exception {
    Workplace place =
        new Workplace(
            directory,
            Samples.of(directory.resolve("w.duckdb"), Pair.of(Workplace.PAIR), 1_100)
                .withTables("mkt_regime")
                .create()
                .file());
    assertDone(place.extract());
    for (String name : filesBelow(place.directory())) {
      if (!name.startsWith("checkpoint_targets")) {
        Files.delete(place.directory().resolve(name));
      }
    }

    assertMergeIsRefused(place);
  }

  /** Runs the real program in a JVM of its own, and kills it as soon as it has done some groups. */
  private static void extractAndKill(Workplace place) throws Exception {
    Path log = place.root().resolve("extract.log");
    Process process =
        ChildJvm.of(log, ChildJvm.OPENS, ExtractPipeline.class, place.extractArgs()).start();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (committed(place).size() < ENOUGH_COMMITS) {
        assertThat(process.isAlive()).as("%s", Files.readString(log)).isTrue();
        assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
        Thread.sleep(1);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }

    // 128 + 9: it was the kill that ended it.
    assertThat(process.exitValue()).isEqualTo(137);
  }

  /** The commit records and when they were written. */
  private static Map<String, FileTime> committed(Workplace place) throws IOException {
    Path records = place.directory().resolve("_commits");
    Map<String, FileTime> times = new HashMap<>();
    // Names only: temporary files come and go meanwhile.
    String[] names = records.toFile().list();
    for (String record : names == null ? new String[0] : names) {
      if (record.endsWith(".json")) {
        times.put(record, Files.getLastModifiedTime(records.resolve(record)));
      }
    }

    return times;
  }

  private static List<FileTime> modificationTimes(Workplace place, Map<String, FileTime> committed)
      throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (String record : committed.keySet().stream().sorted().toList()) {
      for (int shard : List.of(0, 1)) {
        String table = record.substring(0, record.length() - ".json".length());
        times.add(
            Files.getLastModifiedTime(
                place
                    .directory()
                    .resolve("checkpoint_%s-%05d-of-00002.parquet".formatted(table, shard))));
      }
    }

    return times;
  }

  private static void assertMergeIsRefused(Workplace place) {
    for (MergeMethod method : MergeMethods.here()) {
      Outcome merge = place.merge("--mergeMethod=" + method);

      assertThat(merge.code()).isEqualTo(1);
      assertThat(merge.error())
          .isEqualTo(
              "error: Cannot merge %s: its extraction is not complete (there is no _manifest.json); run the extraction again, it resumes where it stopped"
                  .formatted(place.directory()));
    }

    place.assertNothingMerged();
  }
}
