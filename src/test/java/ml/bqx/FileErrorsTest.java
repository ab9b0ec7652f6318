package ml.bqx;

import static ml.bqx.Workplace.PAIR;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.StandardSystemProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a disk or a file is told with the file, the reason and the remedy. */
@ExtendWith(SampleSets.class)
class FileErrorsTest {
  private static final String A_FILE_IS_NEEDED =
      "; move the directory away: a file of that name is needed";

  @TempDir Path directory;

  private Workplace place;

  @BeforeEach
  void copySet(SampleSets.Sets sets) throws Exception {
    place = sets.copy(sets.aligned(), directory);
  }

  @Test
  void aDirectoryInPlaceOfTheManifest() throws Exception {
    Path path = replace(place.manifest());

    assertError(
        place.merge("--mergeMethod=stream"),
        "error: Cannot continue: Is a directory (%s)%s".formatted(path, A_FILE_IS_NEEDED));
  }

  @Test
  void aDirectoryInPlaceOfACheckpoint() throws Exception {
    String name = "checkpoint_mkt_regime-00001-of-00003.parquet";
    Path path = replace(place.directory().resolve(name));

    assertError(
        place.merge("--mergeMethod=stream"),
        "error: Cannot merge %s: 1 of 48 checkpoint files are missing: %s; run the extraction again, only these are extracted again"
            .formatted(place.directory(), name));
    assertError(
        place.extract(),
        """
        error: Cannot complete the extraction: 1 of 16 checkpoints are missing; the others are kept, run again after fixing this
               Cannot extract table bqx_ml_v3_features_v2.mkt_regime: Is a directory (%s)%s"""
            .formatted(path, A_FILE_IS_NEEDED));
    assertError(
        place.extract("--layout=sharded", "--groups=mkt_regime"),
        """
        error: Cannot complete the extraction: 1 of 2 checkpoints are missing; the others are kept, run again after fixing this
               Cannot extract table bqx_ml_v3_features_v2.mkt_regime: Is a directory (%s)%s"""
            .formatted(path, A_FILE_IS_NEEDED));
  }

  @Test
  void aDirectoryInPlaceOfACommitRecord() throws Exception {
    Path path = replace(place.directory().resolve("_commits/mkt_regime.json"));

    assertError(
        place.extract(),
        "error: Cannot continue: Is a directory (%s)%s".formatted(path, A_FILE_IS_NEEDED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "compose", "beam", "duckdb"})
  void aDirectoryInPlaceOfTheTrainingFile(String method) throws Exception {
    Path path = replace(place.trainingFile());

    assertError(
        place.merge("--mergeMethod=" + method),
        "error: Cannot continue: Is a directory (%s)%s".formatted(path, A_FILE_IS_NEEDED));
  }

  @Test
  void aDirectoryInPlaceOfTheCard() throws Exception {
    Path path = replace(place.output().resolve("training_eurusd.json"));

    assertError(
        place.merge("--mergeMethod=stream"),
        "error: Cannot continue: Is a directory (%s)%s".formatted(path, A_FILE_IS_NEEDED));
  }

  @Test
  void aDirectoryInPlaceOfWhatIsChecked() {
    // A directory is taken for a pair's checkpoints.
    assertError(
        Outcome.of(CheckFiles::run, "--file=" + directory),
        "error: Cannot check %s: there is no _manifest.json; run the extraction first, or check --checkpoints and --pair"
            .formatted(directory));
  }

  @Test
  void aDirectoryInPlaceOfTheWarehouse() {
    assertError(
        new Workplace(directory, directory).extract(),
        "error: Cannot open the warehouse: it is a directory, where a DuckDB file is expected (%s)"
            .formatted(directory));
  }

  @Test
  void aFileInPlaceOfTheOutput() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    String remedy = "; move the file away: a directory of that name is needed";

    assertError(
        place.merge("--output=" + file),
        "error: Cannot write to %s: a file of that name exists%s".formatted(file, remedy));
    assertError(
        place.merge("--output=" + file.resolve("below")),
        "error: Cannot write to %1$s/below: a file of that name exists (%1$s)%2$s"
            .formatted(file, remedy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "compose", "beam"})
  void aLimitOnTheSizeOfFiles(String method) throws Exception {
    Workplace.assertDone(place.merge("--mergeMethod=stream"));
    long kilobytes = Files.size(place.trainingFile()) / 1024 - 1;

    Outcome outcome = inAProcess("ulimit -f " + kilobytes, List.of(), merge(method));

    assertThat(outcome.error())
        .matches(
            "error: Cannot write %s/_temporary/training_eurusd-.*: File too large; allow larger files \\(ulimit -f\\), or use another disk if its file system allows none"
                .formatted(place.output()));
    assertThat(outcome.err()).doesNotContain("\tat ");
  }

  @Test
  void aTemporaryDirectoryThatCannotBeUsed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    List<String> java = List.of("-Djava.io.tmpdir=" + file);

    List<String> extract = new ArrayList<>(List.of("extract"));
    extract.addAll(List.of(place.extractArgs("--force")));
    assertNoLibrary(inAProcess("true", java, extract), "DuckDB", file);
    for (String method : List.of("stream", "beam")) {
      assertNoLibrary(inAProcess("true", java, merge(method)), "Snappy", file);
    }

    assertNoLibrary(
        inAProcess("true", java, List.of("check", "--file=" + place.trainingFile())),
        "Snappy",
        file);
  }

  @Test
  void aLimitBelowTheSizeOfALibrary() throws Exception {
    Outcome outcome = inAProcess("ulimit -f 100", List.of(), merge("stream"));

    assertNoLibrary(outcome, "Snappy", Path.of(StandardSystemProperty.JAVA_IO_TMPDIR.value()));
    assertThat(outcome.error()).contains("(File too large; allow larger files (ulimit -f)");
  }

  private static void assertNoLibrary(Outcome outcome, String library, Path temporary) {
    assertThat(outcome.error())
        .startsWith(
            "error: Cannot load the native part of %s: it is unpacked into the temporary directory %s, which must exist, be writable, allow execution, and have room for 100 MB ("
                .formatted(library, temporary))
        .endsWith("; name another one with java -Djava.io.tmpdir=DIRECTORY")
        .hasLineCount(1);
    assertThat(outcome.err()).doesNotContain("\tat ");
  }

  private List<String> merge(String method) {
    return List.of(
        "merge",
        "--pair=" + PAIR,
        "--checkpoints=" + place.checkpoints(),
        "--output=" + place.output(),
        "--rowGroupRows=" + Workplace.ROW_GROUP_ROWS,
        "--mergeMethod=" + method);
  }

  /** Runs a command in a JVM of its own, that a shell has prepared. */
  private Outcome inAProcess(String preparation, List<String> java, List<String> args)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", preparation + " && exec \"$@\"", "bash"));
    command.addAll(ChildJvm.command(java, Main.class, args.toArray(String[]::new)));
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Puts a directory with something in it where a file was. */
  private static Path replace(Path file) throws Exception {
    Files.deleteIfExists(file);
    Files.createDirectories(file.resolve("below"));
    return file;
  }

  private static void assertError(Outcome outcome, String error) {
    assertThat(outcome.error()).isEqualTo(error);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).doesNotContain("\tat ");
  }
}
