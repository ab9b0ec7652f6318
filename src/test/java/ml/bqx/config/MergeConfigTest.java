package ml.bqx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ObjectArrays;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Arguments;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ColumnOrder;
import ml.bqx.options.ColumnTypes;
import ml.bqx.options.Compression;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.FloatType;
import ml.bqx.options.GatePolicy;
import ml.bqx.options.MergeMethod;
import ml.bqx.options.MergeOptions;
import ml.bqx.options.PartsPolicy;
import ml.bqx.options.RepeatedTimePolicy;
import ml.bqx.options.UnsupportedTypePolicy;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergeConfigTest {
  @Test
  void requiredOptionsAloneGiveTheDefaults() {
    MergeConfig config = from("--pair=eurusd", "--checkpoints=data", "--output=out");

    assertThat(config)
        .isEqualTo(
            new MergeConfig(
                Pair.of("eurusd"),
                "data",
                "out",
                MergeMethod.BEAM,
                0,
                DuplicatePolicy.FAIL,
                null,
                false,
                0,
                0,
                0,
                0,
                new ChoiceConfig(
                    null,
                    null,
                    null,
                    ColumnOrder.CONTRACT,
                    new DateRange(null, null),
                    ColumnTypes.ANY,
                    null,
                    FloatType.FLOAT64,
                    false),
                new SplitConfig(List.of(), "", null, 0, 0, false),
                new GateConfig(null, GatePolicy.FAIL),
                false,
                new ForeignSetConfig(
                    PartsPolicy.FAIL,
                    false,
                    false,
                    UnsupportedTypePolicy.FAIL,
                    null,
                    RepeatedTimePolicy.INFER),
                new EngineConfig(
                    4_000_000_000L,
                    new EngineConfig.Spill.BesideTrainingFile(),
                    "python3",
                    false)));
    assertThat(SerializableUtils.clone(config)).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=DirectRunner",
        "--runner=direct",
        "--runner=DataflowRunner --sharedDirectory",
        "--runner=DataflowRunner --mergeMethod=stream"
      })
  void localPathsAreForWorkersThatSeeThem(String options) {
    String[] args =
        ObjectArrays.concat(
            "--pair=eurusd --checkpoints=in --output=out".split(" ", -1),
            options.split(" ", -1),
            String.class);

    assertThat(from(args).output()).isEqualTo("out");
  }

  @Test
  void localPathsAreRefusedWithOtherWorkers() {
    assertThatThrownBy(
            () ->
                from(
                    "--pair=eurusd",
                    "--checkpoints=in",
                    "--output=gs://bucket/out",
                    "--runner=DataflowRunner"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "--checkpoints=in: workers of --runner=DataflowRunner cannot be expected to see a path of this machine (expected gs://bucket/folder, or also --sharedDirectory if they all do)");
  }

  @Test
  void everyOptionReachesTheConfig() {
    MergeConfig config =
        from(
            "--pair=gbpusd",
            "--checkpoints=gs://bucket/in",
            "--output=gs://bucket/out/",
            "--mergeMethod=beam",
            "--rowGroupRows=8",
            "--onDuplicate=first",
            "--compression=none",
            "--recompress",
            "--expectedFeatures=6477",
            "--expectedTargets=7",
            "--minRows=100000",
            "--minCheckpoints=667",
            "--features=agg_*,mom__close",
            "--excludeFeatures=@gs://bucket/sets.json#late",
            "--targets=target_*",
            "--columnOrder=list",
            "--startDate=2024-01-01",
            "--endDate=2024-06-30",
            "--encode",
            "--codes=codes.json",
            "--floatType=float32",
            "--pairColumn",
            "--split=a:0.75,b:0.25",
            "--purge=30",
            "--embargo=15",
            "--folds=5",
            "--splitFiles",
            "--deleteCheckpoints",
            "--parts=join",
            "--union",
            "--renameColumns",
            "--onUnsupportedType=double",
            "--gates=gs://bucket/gates.yaml",
            "--onGate=warn",
            "--timeZone=America/New_York",
            "--repeatedTimes=second",
            "--duckdbMemory=500MB",
            "--spillDirectory=/tmp/spill/",
            "--python=python3.12",
            "--forcePolars");

    assertThat(config)
        .isEqualTo(
            new MergeConfig(
                Pair.of("gbpusd"),
                "gs://bucket/in",
                "gs://bucket/out",
                MergeMethod.BEAM,
                8,
                DuplicatePolicy.FIRST,
                Compression.NONE,
                true,
                6477,
                7,
                100_000,
                667,
                new ChoiceConfig(
                    "agg_*,mom__close",
                    "@gs://bucket/sets.json#late",
                    "target_*",
                    ColumnOrder.LIST,
                    new DateRange(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 6, 30)),
                    ColumnTypes.ENCODED,
                    "codes.json",
                    FloatType.FLOAT32,
                    true),
                new SplitConfig(
                    List.of(new SplitConfig.Share("a", 0.75), new SplitConfig.Share("b", 0.25)),
                    "a:0.75,b:0.25",
                    30L,
                    15,
                    5,
                    true),
                new GateConfig("gs://bucket/gates.yaml", GatePolicy.WARN),
                true,
                new ForeignSetConfig(
                    PartsPolicy.JOIN,
                    true,
                    true,
                    UnsupportedTypePolicy.DOUBLE,
                    ZoneId.of("America/New_York"),
                    RepeatedTimePolicy.SECOND),
                new EngineConfig(
                    500_000_000,
                    new EngineConfig.Spill.Directory("/tmp/spill"),
                    "python3.12",
                    true)));
    assertThat(config.checkpointDirectory()).isEqualTo("gs://bucket/in/gbpusd");
    assertThat(config.trainingFile()).isEqualTo("gs://bucket/out/training_gbpusd.parquet");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                from(
                    "--checkpoints=*",
                    "--rowGroupRows=0",
                    "--expectedFeatures=-1",
                    "--expectedTargets=-2",
                    "--minRows=-3",
                    "--minCheckpoints=-4",
                    "--recompress",
                    "--timeZone=Berlin",
                    "--duckdbMemory=4 gigabytes",
                    "--spillDirectory=gs://bucket/spill"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            """
            --pair is required (expected a currency pair, for example eurusd)
            --checkpoints=*: wildcard characters (* ? [ ] { }) cannot be part of a path
            --output is required (expected a directory or gs://bucket/folder)
            --rowGroupRows=0: out of range (expected 1 to 1048576)
            --expectedFeatures=-1: cannot be negative
            --expectedTargets=-2: cannot be negative
            --minRows=-3: cannot be negative
            --minCheckpoints=-4: cannot be negative
            --timeZone=Berlin: not a time zone (expected for example America/New_York or UTC)
            --duckdbMemory=4 gigabytes: not a size (expected for example 4GB or 500MB)
            --spillDirectory=gs://bucket/spill: not on this machine (expected a local path)
            --recompress=true: needs --compression, which says how\
            """);
  }

  @Test
  void composeCannotEncodePages() {
    assertThatThrownBy(
            () ->
                from(
                    "--pair=eurusd",
                    "--checkpoints=data",
                    "--output=out",
                    "--mergeMethod=compose",
                    "--compression=zstd",
                    "--recompress"))
        .hasMessage("--recompress=true: compose copies whole files; take --mergeMethod=stream");
  }

  @Test
  void bigQueryNeedsAProjectAndABucket() {
    String[] args = {"--pair=eurusd", "--checkpoints=in", "--output=out", "--mergeMethod=bigquery"};

    assertThatThrownBy(() -> from(args))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            """
            --project is required (expected the Google Cloud project that pays for the merge)
            --tempLocation is required (expected gs://bucket/folder, for the files that pass to and from BigQuery)\
            """);
    assertThatThrownBy(
            () ->
                from(
                    ObjectArrays.concat(
                        args,
                        new String[] {
                          "--project=No", "--tempLocation=gs://bucket/it's", "--location=E U"
                        },
                        String.class)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            """
            --project=No: not a project id (expected 6 to 30 lower-case letters, digits and hyphens)
            --location=E U: not a location of BigQuery (expected for example EU or us-central1)
            --tempLocation=gs://bucket/it's: BigQuery cannot read and write there (expected gs://bucket/folder of letters, digits, _ . and -)\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0GB", "4", "4TB", "-1GB", "99999999999GB"})
  void aSizeIsANumberOfMegabytesOrGigabytes(String size) {
    assertThatThrownBy(
            () ->
                from("--pair=eurusd", "--checkpoints=in", "--output=out", "--duckdbMemory=" + size))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("--duckdbMemory");
  }

  @ParameterizedTest
  @CsvSource({
    "data, data",
    "data, ./x/../data/",
    "data, data/eurusd",
    "gs://bucket/data, gs://bucket/data/",
    "gs://bucket/data, gs://bucket/data/eurusd",
  })
  void theTrainingFileMustNotLieAmongTheCheckpoints(String checkpoints, String output) {
    assertThatThrownBy(
            () -> from("--pair=eurusd", "--checkpoints=" + checkpoints, "--output=" + output))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("--output=")
        .hasMessageEndingWith("holds the checkpoints; the training file must be elsewhere");
  }

  @Test
  void oneDirectoryWrittenInTwoWaysIsStillOne() {
    String absolute = Path.of("data").toAbsolutePath().toString();

    assertThatThrownBy(() -> from("--pair=eurusd", "--checkpoints=data", "--output=" + absolute))
        .hasMessageContaining("holds the checkpoints");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/out", "data/gbpusd", "gs://bucket/data", "out"})
  void anyOtherDirectoryWillDo(String output) {
    MergeConfig config = from("--pair=eurusd", "--checkpoints=data", "--output=" + output);

    assertThat(config.trainingFile()).isEqualTo(output + "/training_eurusd.parquet");
  }

  private static MergeConfig from(String... args) {
    return MergeConfig.from(Arguments.parse(MergeOptions.class, args));
  }
}
