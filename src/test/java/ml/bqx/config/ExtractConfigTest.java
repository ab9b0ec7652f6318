package ml.bqx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Arguments;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Compression;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.FloatType;
import ml.bqx.options.Layout;
import ml.bqx.options.UnsupportedTypePolicy;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractConfigTest {
  private static final List<String> REQUIRED =
      List.of("--pair=eurusd", "--warehouse=duckdb:w.duckdb", "--checkpoints=data");

  @Test
  void localPathsAreRefusedWithOtherWorkers() {
    assertThatThrownBy(
            () ->
                with("--warehouse=duckdb:w.duckdb", "--checkpoints=out", "--runner=DataflowRunner"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--checkpoints=out: workers of --runner=DataflowRunner cannot be")
        .hasMessageContaining("--warehouse=duckdb:w.duckdb: workers of --runner=DataflowRunner");
  }

  @Test
  void requiredOptionsAloneGiveTheDefaults() {
    ExtractConfig config = with();

    assertThat(config)
        .isEqualTo(
            new ExtractConfig(
                Pair.of("eurusd"),
                new EmbeddedFile("w.duckdb"),
                "bqx_ml_v3_features_v2",
                "bqx_ml_v3_analytics_v2",
                new DateRange(null, null),
                "data",
                "*",
                0,
                Layout.ALIGNED,
                0,
                0,
                DuplicatePolicy.FAIL,
                Compression.SNAPPY,
                FloatType.FLOAT64,
                0,
                0,
                null,
                false,
                UnsupportedTypePolicy.FAIL,
                25,
                false));
  }

  @Test
  void everyOptionReachesTheConfig() {
    ExtractConfig config =
        with(
            "--featuresDataset=f",
            "--analyticsDataset=a",
            "--startDate=2024-02-29",
            "--endDate=2024-03-01",
            "--groups={agg,mom}_*",
            "--limit=5",
            "--layout=Aligned",
            "--rowGroupRows=100",
            "--shardRows=300",
            "--onDuplicate=LAST",
            "--compression=zstd",
            "--floatType=float32",
            "--minCheckpointBytes=7",
            "--expectedCheckpoints=16",
            "--onUnsupportedType=Skip",
            "--extractionWorkers=3",
            "--validateOnly",
            "--force");

    assertThat(config)
        .isEqualTo(
            new ExtractConfig(
                Pair.of("eurusd"),
                new EmbeddedFile("w.duckdb"),
                "f",
                "a",
                new DateRange(LocalDate.of(2024, 2, 29), LocalDate.of(2024, 3, 1)),
                "data",
                "{agg,mom}_*",
                5,
                Layout.ALIGNED,
                100,
                300,
                DuplicatePolicy.LAST,
                Compression.ZSTD,
                FloatType.FLOAT32,
                7,
                16,
                null,
                true,
                UnsupportedTypePolicy.SKIP,
                3,
                true));
  }

  @Test
  void everyMissingOptionIsNamed() {
    assertThatThrownBy(() -> ExtractConfig.from(Arguments.parse(ExtractOptions.class)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            """
            --pair is required (expected a currency pair, for example eurusd)
            --warehouse is required (expected bigquery or duckdb:FILE)
            --checkpoints is required (expected a directory or gs://bucket/folder)""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--pair=eurodollar | --pair=eurodollar: Cannot use pair eurodollar: a pair is two of",
        "--warehouse=w.duckdb | --warehouse=w.duckdb: not a warehouse (expected bigquery or duckdb:FILE)",
        "--warehouse=duckdb: | --warehouse=duckdb:: not a warehouse (expected bigquery or duckdb:FILE)",
        "--warehouse=duckdb:gs://bucket/w | not on this machine (expected a local path)",
        "--warehouse=duckdb:*.db | wildcard characters (* ? [ ] { }) cannot be part of a path",
        "--featuresDataset=a.b | --featuresDataset=a.b: not a dataset (expected letters, digits",
        "--analyticsDataset=x;y | --analyticsDataset=x;y: not a dataset (expected letters",
        "--startDate=2024-13-01 | --startDate=2024-13-01: not a date (expected yyyy-mm-dd)",
        "--startDate=2023-02-29 | --startDate=2023-02-29: not a date (expected yyyy-mm-dd)",
        "--endDate=yesterday | --endDate=yesterday: not a date (expected yyyy-mm-dd)",
        "--groups=agg_[ | --groups=agg_[: not a glob (",
        "--limit=-1 | --limit=-1: cannot be negative",
        "--rowGroupRows=0 | --rowGroupRows=0: out of range (expected 1 to 1048576)",
        "--rowGroupRows=1048577 | --rowGroupRows=1048577: out of range (expected 1 to 1048576)",
        "--rowGroupRows=few | --rowGroupRows=few: not a whole number (expected auto, or for example",
        "--shardRows=-1 | --shardRows=-1: cannot be negative",
        "--minCheckpointBytes=-9 | --minCheckpointBytes=-9: cannot be negative",
        "--checkpoints=~/data | --checkpoints=~/data: the shell did not expand ~",
        "--checkpoints=data/* | --checkpoints=data/*: wildcard characters",
        "--checkpoints=s3://bucket/data | --checkpoints=s3://bucket/data: not a supported location",
        "--checkpoints=gs:/bucket | --checkpoints=gs:/bucket: not a Cloud Storage folder",
        "--checkpoints=gs:// | --checkpoints=gs://: not a Cloud Storage folder (expected",
        "--checkpoints=gs://UPPER/x | --checkpoints=gs://UPPER/x: not a Cloud Storage folder",
        "--checkpoints=gs://bucket//x | --checkpoints=gs://bucket//x: not a Cloud Storage folder",
      })
  void aWrongValueIsToldInALine(String arg, String message) {
    String flag = arg.substring(0, arg.indexOf('='));

    assertThatThrownBy(() -> with(arg))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(flag)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void reversedDatesAreToldTogether() {
    assertThatThrownBy(() -> with("--startDate=2024-03-02", "--endDate=2024-03-01"))
        .hasMessage("--startDate=2024-03-02: after --endDate=2024-03-01");
  }

  @Test
  void aPathThatTheFileSystemRefusesIsToldAsSuch() {
    assertThatThrownBy(() -> with("--checkpoints=a\0b"))
        .hasMessageContaining("not a path (Nul character not allowed)");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                with(
                    "--pair=EURUSD",
                    "--warehouse=bigtable",
                    "--startDate=1",
                    "--endDate=2",
                    "--limit=-1",
                    "--rowGroupRows=-5",
                    "--shardRows=-6"))
        .hasMessageMatching(
            "(?s)--pair=.*\n--warehouse=.*\n--startDate=.*\n--endDate=.*\n--limit=.*\n"
                + "--rowGroupRows=[^\n]*\n--shardRows=[^\n]*");
  }

  @Test
  void rowsOfARowGroupFollowTheColumnsUnlessTheyAreGiven() {
    assertThat(with().forColumns(6_485).rowGroupRows()).isEqualTo(16_384);
    assertThat(with().forColumns(16_973).rowGroupRows()).isEqualTo(4_096);
    assertThatThrownBy(() -> with("--shardRows=20000").forColumns(6_485))
        .hasMessage("--shardRows=20000: not a multiple of --rowGroupRows=16384");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, 16_384, 600_000, 1_048_576})
  void shardRowsFollowRowGroupRows(int rowGroupRows) {
    ExtractConfig config = with("--rowGroupRows=" + rowGroupRows).forColumns(100_000);

    assertThat(config.rowGroupRows()).isEqualTo(rowGroupRows);
    assertThat(config.shardRows() % rowGroupRows).isZero();
    assertThat(config.shardRows()).isBetween(1_048_576 - rowGroupRows + 1, 1_048_576);
  }

  @ParameterizedTest
  @CsvSource({
    "data, data/eurusd",
    "data/, data/eurusd",
    "./data//here/, data/here/eurusd",
    "/, /eurusd",
    "., ./eurusd",
    "gs://my-bucket, gs://my-bucket/eurusd",
    "gs://my-bucket/, gs://my-bucket/eurusd",
    "gs://my-bucket/some/folder/, gs://my-bucket/some/folder/eurusd",
  })
  void thePairHasItsOwnDirectory(String checkpoints, String expected) {
    assertThat(with("--checkpoints=" + checkpoints).checkpointDirectory()).isEqualTo(expected);
  }

  @Test
  void bothDaysAreInside() {
    DateRange dates = with("--startDate=1970-01-02", "--endDate=1970-01-03").dates();

    assertThat(dates.firstMicrosecond()).isEqualTo(86_400_000_000L);
    assertThat(dates.endMicrosecond()).isEqualTo(3 * 86_400_000_000L);
  }

  @Test
  void withoutDatesEverythingIsInside() {
    DateRange dates = with().dates();

    assertThat(dates.firstMicrosecond()).isEqualTo(Long.MIN_VALUE);
    assertThat(dates.endMicrosecond()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void travelsToWorkers() {
    ExtractConfig config = with("--startDate=2024-01-01");

    assertThat(SerializableUtils.clone((Serializable) config)).isEqualTo(config);
  }

  /** The required options and others, which win. */
  private static ExtractConfig with(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    REQUIRED.stream()
        .filter(arg -> all.stream().noneMatch(other -> name(other).equals(name(arg))))
        .forEach(all::add);

    return ExtractConfig.from(Arguments.parse(ExtractOptions.class, all.toArray(String[]::new)));
  }

  private static String name(String arg) {
    return arg.split("=", 2)[0];
  }
}
