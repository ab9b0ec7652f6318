package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Arguments;
import ml.bqx.cli.CommandOption;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.sample.SampleConfig;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.SampleOptions;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleWarehouseMainTest {
  @Test
  void requiredOptionsAloneGiveTheDefaultsOfTheSample() {
    Path file = Path.of("w.duckdb");

    assertThat(config("--pair=eurusd", "--warehouse=duckdb:w.duckdb"))
        .isEqualTo(Samples.of(file, Pair.of("eurusd"), 10_080).config());
  }

  @Test
  void everyOptionReachesTheConfig() {
    SampleConfig config =
        config(
            "--pair=gbpusd",
            "--warehouse=duckdb:w.duckdb",
            "--minutes=5",
            "--startDate=2024-02-29",
            "--seed=-7",
            "--size=FULL",
            "--defects=empty_table, Odd_Type,empty_table",
            "--tables=agg_*");

    assertThat(config)
        .isEqualTo(
            new SampleConfig(
                Path.of("w.duckdb"),
                Pair.of("gbpusd"),
                5,
                Instant.parse("2024-02-29T00:00:00Z"),
                -7,
                KnownLayout.FULL,
                Set.of(SampleDefect.EMPTY_TABLE, SampleDefect.ODD_TYPE),
                "agg_*"));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                config(
                    "--warehouse=w",
                    "--minutes=0",
                    "--startDate=",
                    "--size=huge",
                    "--defects=none,odd_type,other",
                    "--tables=["))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            """
            --pair is required \\(.*\\)
            --warehouse=w: not a warehouse \\(expected duckdb:FILE\\)
            --minutes=0: out of range \\(expected 1 or more\\)
            --startDate is required \\(expected yyyy-mm-dd\\)
            --size=huge: not one of seed, full
            --defects=none: not one of repeated_timestamps, .*, shifted_target
            --defects=other: not one of repeated_timestamps, .*, shifted_target
            --tables=\\[: not a glob \\(.*\\)""");
  }

  @Test
  void theHelpNamesEverySizeAndDefect() {
    assertThat(CommandOption.of(SampleOptions.class).get("defects").description())
        .contains(lowerCase(SampleDefect.values()));
    assertThat(CommandOption.of(SampleOptions.class).get("size").description())
        .contains(lowerCase(KnownLayout.values()));
  }

  @Test
  void theSummaryTellsWhatWasMade(@TempDir Path directory) {
    Path file = directory.resolve("w.duckdb");
    try (Console console = new Console()) {
      int code =
          SampleWarehouseMain.run(
              "--pair=eurusd",
              "--warehouse=duckdb:" + file,
              "--minutes=20",
              "--tables=agg_*",
              "--defects=empty_table");

      // On a busy machine lines of the progress come before it.
      assertThat(console.err())
          .containsOnlyOnce("100 %")
          .matches("(?s).*sample eurusd: (\\d+) of \\1 tables \\(100 %\\), [^\n]*\n");
      assertThat(code).isZero();
      assertThat(console.out())
          .startsWith("sample of eurusd\n  rows of the spine   20\n")
          .contains("\n  targets             7\n")
          .contains("\n  empty_table         agg_")
          .endsWith("\n  file                " + file + "\n");
    }

    assertThat(file).isRegularFile();
  }

  @Test
  void moreMinutesThanBeforeAreAppended(@TempDir Path directory) {
    String[] sample = {"--pair=eurusd", "--warehouse=duckdb:" + directory.resolve("w.duckdb")};
    try (Console console = new Console()) {
      SampleWarehouseMain.run(sample[0], sample[1], "--tables=agg_*", "--minutes=20");
      assertThat(console.out()).contains("\n  rows kept           0\n");
      SampleWarehouseMain.run(sample[0], sample[1], "--tables=agg_*", "--minutes=50");

      assertThat(console.out())
          .contains("sample of eurusd\n  rows of the spine   50\n  rows kept           20\n");
    }
  }

  private static String[] lowerCase(Enum<?>... constants) {
    return Arrays.stream(constants)
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }

  private static SampleConfig config(String... args) {
    return SampleConfig.from(Arguments.parse(SampleOptions.class, args));
  }
}
