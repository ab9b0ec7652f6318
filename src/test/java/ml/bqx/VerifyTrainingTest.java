package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One training file of 40 rows out of a sample of 50, compared in several ways. */
class VerifyTrainingTest {
  @TempDir private static Path directory;

  private Console console;

  @BeforeAll
  static void makeTrainingFile() {
    String pair = "--pair=eurusd";
    String warehouse = "--warehouse=duckdb:" + directory.resolve("w.duckdb");
    String checkpoints = "--checkpoints=" + directory.resolve("checkpoints");

    assertThat(SampleWarehouseMain.run(pair, warehouse, "--minutes=50", "--tables=agg_*")).isZero();
    assertThat(ExtractPipeline.run(pair, warehouse, checkpoints, "--limit=40")).isZero();
    assertThat(MergePipeline.run(pair, checkpoints, "--output=" + directory)).isZero();
  }

  @BeforeEach
  void listen() {
    console = new Console();
  }

  @AfterEach
  void release() {
    console.close();
  }

  @Test
  void theRightTrainingFilePasses() {
    int code = verify("--limit=40");

    assertThat(console.err()).matches("verify: (\\d+) of \\1 tables \\(100 %\\), .*\n");
    assertThat(code).isZero();
    assertThat(console.out())
        .startsWith("verified eurusd: training file matches the warehouse\n")
        .containsPattern("\n  rows +40\n")
        .endsWith(" " + directory.resolve("training_eurusd.parquet") + "\n");
  }

  /** Folders of Hive are named so. */
  @Test
  void anEqualsSignInTheNameOfADirectoryIsNoColumn() throws IOException {
    Path output = Files.createDirectory(directory.resolve("part=1"));
    String file = "training_eurusd.parquet";
    Files.copy(directory.resolve(file), output.resolve(file));

    assertThat(verify("--limit=40", "--output=" + output)).isZero();
  }

  @Test
  void differencesAreListed() {
    int code = verify();

    assertThat(code).isEqualTo(1);
    assertThat(console.out()).isEmpty();
    assertThat(errorLines().get(0))
        .startsWith("error: Verification failed: training file differs from the warehouse (");
    assertThat(errorLines().get(1))
        .isEqualTo("       interval_time (training file): 10 rows of the spine are missing");
    assertThat(errorLines()).hasSize(22);
    assertThat(errorLines().get(21)).matches("       and \\d+ more");
  }

  @Test
  void aMissingTrainingFileIsAnError() {
    int code = verify("--output=" + directory.resolve("nowhere"));

    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .startsWith("error: Cannot verify the training file: no such file (")
        .endsWith("nowhere/training_eurusd.parquet)\n");
  }

  private int verify(String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--pair=eurusd");
    args.add("--warehouse=duckdb:" + directory.resolve("w.duckdb"));
    if (args.stream().noneMatch(arg -> arg.startsWith("--output="))) {
      args.add("--output=" + directory);
    }

    return VerifyTraining.run(args.toArray(String[]::new));
  }

  /** What was printed as the error, after the line of progress. */
  private List<String> errorLines() {
    return console.err().lines().dropWhile(line -> !line.startsWith("error: ")).toList();
  }
}
