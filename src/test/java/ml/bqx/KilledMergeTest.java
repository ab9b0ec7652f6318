package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a killed merge leaves beside the training file is deleted by the next one, and only that.
 */
@ExtendWith(SampleSets.class)
class KilledMergeTest {
  private static final String DEAD = "_temporary/training_eurusd-dead";
  private static final String LIVING = "_temporary/training_gbpusd-living";

  @TempDir Path directory;

  @Test
  void whatADeadRunLeftIsDeletedAndWhatALivingOneHasIsNot(SampleSets.Sets sets) throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    makeWorkspace(place.output().resolve(DEAD));
    Files.createFile(place.output().resolve(DEAD + ".lease"));
    makeWorkspace(place.output().resolve(LIVING));
    String lease = place.output().resolve(LIVING + ".lease").toString();

    try (Closeable living = Storage.local().lease(lease)) {
      assertDone(place.merge("--mergeMethod=stream"));

      assertThat(filesBelow(place.output()))
          .containsExactly(
              LIVING + ".lease",
              LIVING + "/training.parquet",
              "training_eurusd.json",
              "training_eurusd.parquet");
    }

    assertDone(place.merge("--mergeMethod=beam"));
    assertThat(filesBelow(place.output())).contains("training_eurusd.parquet");
  }

  /** An engine's files may be larger than the training file, and lie where the user wants them. */
  @Test
  void whatADeadRunHasSpilledIsDeletedAndWhatALivingOneHasIsNot(SampleSets.Sets sets)
      throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    Path spill = directory.resolve("spill");
    for (String name : List.of("bqx-spill-dead", "bqx-spill-living", "of somebody else")) {
      makeWorkspace(spill.resolve(name));
    }

    Files.createFile(spill.resolve("bqx-spill-dead.lease"));
    Files.createFile(spill.resolve("of somebody else.lease"));
    String lease = spill.resolve("bqx-spill-living.lease").toString();

    try (Closeable living = Storage.local().lease(lease)) {
      assertDone(place.merge("--mergeMethod=duckdb", "--spillDirectory=" + spill));

      assertThat(filesBelow(spill))
          .containsExactly(
              "bqx-spill-living.lease",
              "bqx-spill-living/training.parquet",
              "of somebody else.lease",
              "of somebody else/training.parquet");
    }
  }

  @Test
  void whatADeadRunHasSpilledBesideTheTrainingFileIsDeleted(SampleSets.Sets sets)
      throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    makeWorkspace(place.output().resolve("_temporary/bqx-spill-dead"));
    Files.createFile(place.output().resolve("_temporary/bqx-spill-dead.lease"));

    assertDone(place.merge("--mergeMethod=stream"));

    assertThat(filesBelow(place.output()))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  private static void makeWorkspace(Path workspace) throws IOException {
    Files.createDirectories(workspace);
    Files.write(workspace.resolve("training.parquet"), new byte[100]);
  }
}
