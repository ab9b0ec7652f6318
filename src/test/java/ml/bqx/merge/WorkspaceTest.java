package ml.bqx.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.cli.Arguments;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.plan.Findings;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.options.MergeOptions;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a merge leaves to a job that goes on without it. */
class WorkspaceTest {
  @TempDir Path directory;

  private MergePlan plan;
  private Path temporary;

  @BeforeEach
  void makePlan() {
    MergeConfig config =
        MergeConfig.from(
            Arguments.parse(
                MergeOptions.class,
                "--pair=eurusd",
                "--checkpoints=" + directory.resolve("in"),
                "--output=" + directory));
    Findings nothing = new Findings(List.of(), List.of(), List.of(), List.of(), List.of(), 0);
    plan =
        new MergePlan(
            Storage.local(),
            config,
            List.of(),
            List.of(),
            List.of(),
            new MergePlan.Offered(0, 0),
            List.of(),
            List.of(),
            "none",
            nothing,
            "2024-01-01T00:00:00Z",
            null);
    temporary = directory.resolve("_temporary");
  }

  @Test
  void aJobThatGoesOnKeepsItsDirectoryFromOtherMerges() throws Exception {
    Path part = handOver();

    Workspace.create(plan).close();
    age(Duration.ofDays(13));
    Workspace.create(plan).close();

    assertThat(part).exists();
  }

  @Test
  void aJobThatNobodyHasHeardOfForWeeksLosesIt() throws Exception {
    handOver();
    age(Duration.ofDays(15));

    Workspace.create(plan).close();

    assertThat(temporary).doesNotExist();
  }

  @Test
  void aJobThatHasEndedLeavesNothing() throws Exception {
    Path part = handOver();

    Workspace.delete(plan.storage(), plan.config(), part.getParent().toString());

    assertThat(temporary).doesNotExist();
  }

  /** Hands a directory with a file over to a job. */
  private Path handOver() throws Exception {
    Path part;
    try (Workspace workspace = Workspace.create(plan)) {
      part = Files.createFile(Path.of(workspace.directory(), "part-00000"));
      workspace.handOver();
    }

    return part;
  }

  /** Makes everything look as if it had been written so long ago. */
  private void age(Duration age) throws Exception {
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
      }
    }
  }
}
