package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A command loads what it runs: Beam, whose options alone take more than a second, is not in it.
 */
@ExtendWith(SampleSets.class)
class StartTest {
  @TempDir Path directory;

  static Stream<List<String>> commands() {
    return Stream.of(
        List.of("merge", "--mergeMethod=stream", "--checkpoints=CHECKPOINTS", "--output=OUTPUT"),
        List.of("merge", "--mergeMethod=compose", "--checkpoints=CHECKPOINTS", "--output=OUTPUT"),
        List.of("merge", "--mergeMethod=duckdb", "--checkpoints=CHECKPOINTS", "--output=OUTPUT"),
        List.of(
            "merge",
            "--mergeMethod=polars",
            "--python=no-such-python",
            "--checkpoints=CHECKPOINTS",
            "--output=OUTPUT"),
        List.of("check", "--checkpoints=CHECKPOINTS"),
        List.of("verify", "--warehouse=duckdb:WAREHOUSE", "--output=OUTPUT"),
        List.of("sample", "--warehouse=duckdb:DIRECTORY/s.duckdb", "--minutes=9", "--tables=mkt_*"),
        List.of("merge", "--help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void localCommandsLoadNothingOfBeamAndNoRareCodec(List<String> command, SampleSets.Sets sets)
      throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    if (command.get(0).equals("verify")) {
      Workplace.assertDone(place.merge("--mergeMethod=compose"));
    }

    List<String> lines = run(command, place, command.contains("--python=no-such-python") ? 1 : 0);

    assertThat(lines).noneMatch(line -> line.contains(" org.apache.beam."));
    // A class that no archive takes would have the whole jar opened.
    assertThat(lines).noneMatch(line -> line.contains(" org.brotli."));
  }

  /** Beam's options of other runners, and Google's, are not looked at unless one is named. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void localExtractionLoadsOtherOptionsOfBeamOnlyWhenTheyAreNamed(
      boolean named, SampleSets.Sets sets) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    List<String> command =
        List.of(
            "extract",
            "--warehouse=duckdb:WAREHOUSE",
            "--groups=agg_*",
            "--checkpoints=DIRECTORY/other",
            named ? "--targetParallelism=1" : "--onDuplicate=fail");

    List<String> lines = run(command, place, 0);

    assertThat(lines)
        .contains("extracted eurusd")
        .anyMatch(line -> line.contains(" org.apache.beam.runners.direct.DirectRunner "));
    assertThat(lines.stream().filter(line -> line.contains(".DataflowPipelineRegistrar$Options ")))
        .hasSize(named ? 1 : 0);
  }

  private List<String> run(List<String> command, Workplace place, int expected) throws Exception {
    List<String> args = new ArrayList<>();
    for (String argument : command) {
      args.add(
          argument
              .replace("CHECKPOINTS", place.checkpoints().toString())
              .replace("OUTPUT", place.output().toString())
              .replace("WAREHOUSE", place.warehouse().toString())
              .replace("DIRECTORY", directory.toString()));
    }

    args.add("--pair=" + Workplace.PAIR);
    if (command.get(0).equals("merge")) {
      args.add("--rowGroupRows=" + Workplace.ROW_GROUP_ROWS);
    }

    Path log = directory.resolve("log");
    Process process =
        ChildJvm.of(log, List.of("-verbose:class"), Main.class, args.toArray(String[]::new))
            .start();

    int code = process.waitFor();

    List<String> lines = Files.readAllLines(log);
    assertThat(code).as(String.join("\n", lines)).isEqualTo(expected);
    assertThat(lines).anyMatch(line -> line.contains(" ml.bqx.Main source: "));
    return lines;
  }
}
