package ml.bqx;

import static ml.bqx.Duck.values;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed to a DuckDB file is in its write-ahead log before it is in the file. */
class WarehouseLogTest {
  private static final String CHANGE = "UPDATE f.agg_eurusd SET x = -7 WHERE x = 7";

  @TempDir Path directory;

  private Path file;
  private Path log;
  private Workplace place;

  @BeforeEach
  void makeAndExtract() throws Exception {
    file = BroughtWarehouse.make(directory, "CREATE TABLE f.agg_eurusd AS " + BroughtWarehouse.X);
    log = directory.resolve(file.getFileName() + ".wal");
    place = new Workplace(directory, file);
    assertDone(extract());
    assertThat(log).doesNotExist();
    assertExtracted(7);
  }

  @Test
  void rowsThatOnlyTheLogHasAreExtracted() throws Exception {
    changeInLogOnly();

    assertThat(extract().summary("checkpoints extracted")).isEqualTo("2");
    assertExtracted(-7);
    assertThat(extract().summary("checkpoints kept")).isEqualTo("2");
  }

  /** As it is when somebody copies the file first, and later the log, with their times. */
  @Test
  void aLogThatIsOlderThanTheFileCountsToo() throws Exception {
    changeInLogOnly();
    Files.setLastModifiedTime(log, FileTime.fromMillis(0));

    assertThat(extract().summary("checkpoints extracted")).isEqualTo("2");
    assertExtracted(-7);
  }

  @Test
  void theLogOfAFileBehindALinkIsBesideTheFile() throws Exception {
    Path link =
        Files.createSymbolicLink(Files.createDirectory(directory.resolve("d")).resolve("l"), file);
    Workplace linked = new Workplace(directory, link);
    assertThat(extract(linked).summary("checkpoints kept")).isEqualTo("2");
    changeInLogOnly();

    assertThat(extract(linked).summary("checkpoints extracted")).isEqualTo("2");
    assertExtracted(-7);
  }

  @Test
  void aLogThatTheFileHasTakenInIsAChange() throws Exception {
    changeInLogOnly();
    assertDone(extract());
    try (Duck duck = Duck.of(file)) {
      duck.run("CHECKPOINT");
    }

    assertThat(log).doesNotExist();
    assertThat(extract().summary("checkpoints extracted")).isEqualTo("2");
    assertExtracted(-7);
  }

  @Test
  void theRowsOfAWriterThatWasKilledAreExtractedAndOneAtWorkIsNamed() throws Exception {
    Process writer =
        new ProcessBuilder(ChildJvm.command(List.of(), Writer.class, file.toString(), CHANGE))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("committed");
      List<String> before = filesBelow(place.root());

      Outcome refused = extract();

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.error())
          .matches(
              "error: Cannot open the warehouse: another process has it open for writing, \\S+ \\(PID "
                  + writer.pid()
                  + "\\).*; end it, or wait for it, and run again \\("
                  + file
                  + "\\)");
      assertThat(filesBelow(place.root())).isEqualTo(before);
    } finally {
      writer.destroyForcibly().waitFor();
    }

    assertThat(log).isNotEmptyFile();
    assertThat(extract().summary("checkpoints extracted")).isEqualTo("2");
    assertExtracted(-7);
  }

  /** Commits to the file that is its first argument, with the SQL that is its second, and waits. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      try (Duck duck = Duck.of(Path.of(args[0]))) {
        duck.run(args[1]);
        System.out.println("committed");
        Thread.sleep(60_000);
      }
    }
  }

  private void changeInLogOnly() throws Exception {
    FileTime time = Files.getLastModifiedTime(file);
    try (Duck duck = Duck.of(file)) {
      duck.run("PRAGMA disable_checkpoint_on_shutdown").run(CHANGE);
    }

    assertThat(log).isNotEmptyFile();
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
  }

  private Outcome extract() {
    return extract(place);
  }

  private static Outcome extract(Workplace place) {
    return BroughtWarehouse.extract(place);
  }

  private void assertExtracted(int seventh) throws Exception {
    try (Duck duck = Duck.inMemory()) {
      assertThat(
              duck.texts(
                  "SELECT agg__x FROM (%s) WHERE abs(agg__x) = 7"
                      .formatted(
                          values(place.directory().resolve("checkpoint_agg_eurusd.parquet")))))
          .containsExactly("%d.0".formatted(seventh));
    }
  }
}
