package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What other builds of the program do with the checkpoints of this one. */
@ExtendWith(SampleSets.class)
class ReleaseTest {
  private static final int CHECKPOINTS = SampleSets.FEATURE_TABLES.size() + 1;

  @TempDir Path directory;

  private Workplace place;

  @BeforeEach
  void copySet(SampleSets.Sets sets) throws Exception {
    place = sets.copy(sets.aligned(), directory);
  }

  @Test
  void aReleaseKeepsTheCheckpointsOfTheOneBefore() throws Exception {
    assertThat(extract("version=9.9.9", "checkpoint.format=1"))
        .containsPattern("checkpoints extracted +0\\R")
        .containsPattern("checkpoints kept +%d\\R".formatted(CHECKPOINTS));
    assertThat(place.readManifest().get("tool").asText()).isEqualTo("bqx-ml 9.9.9");
  }

  @Test
  void anotherFormatOfCheckpointsIsExtractedAgain() throws Exception {
    String options = place.readManifest().get("options").asText();

    assertThat(extract("version=9.9.9", "checkpoint.format=2"))
        .containsPattern("checkpoints extracted +%d\\R".formatted(CHECKPOINTS))
        .containsPattern("checkpoints kept +0\\R");
    assertThat(place.readManifest().get("options").asText())
        .as("a launcher compares this, and takes the old set for outdated too")
        .isNotEqualTo(options);
  }

  /** Runs the real program in a JVM of its own, as another build; gives what it prints. */
  private String extract(String... properties) throws Exception {
    Path build = directory.resolve("build/ml/bqx/checkpoint/build.properties");
    Files.createDirectories(build.getParent());
    Files.write(build, List.of(properties));
    List<String> command =
        ChildJvm.command(ChildJvm.OPENS, ExtractPipeline.class, place.extractArgs());
    int classPath = command.indexOf("-cp") + 1;
    command.set(
        classPath, directory.resolve("build") + File.pathSeparator + command.get(classPath));
    Path log = directory.resolve("extract.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as("%s", Files.readString(log)).isZero();
    return Files.readString(log);
  }
}
