package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import ml.bqx.Console;
import ml.bqx.config.ExtractConfig;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.Layout;
import ml.bqx.options.MergeOptions;
import ml.bqx.sample.SampleOptions;
import ml.bqx.verify.VerifyOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String[] VALID = {
    "--pair=eurusd", "--warehouse=duckdb:w.duckdb", "--checkpoints=data"
  };

  private final Console console = new Console();

  @AfterEach
  void release() {
    console.close();
  }

  @Test
  void validOptionsReachTheAction() {
    AtomicReference<ExtractConfig> seen = new AtomicReference<>();

    int code =
        run(
            (options, config) -> {
              assertThat(ExtractConfig.from(options)).isEqualTo(config);
              seen.set(config);
            },
            with("--layout=aligned", "--limit=10"));

    assertThat(code).isZero();
    assertThat(seen.get().layout()).isEqualTo(Layout.ALIGNED);
    assertThat(seen.get().limit()).isEqualTo(10);
    assertThat(console.err()).isEmpty();
  }

  @Test
  void aSpaceMayStandForTheEqualsSign() {
    AtomicReference<ExtractConfig> seen = new AtomicReference<>();
    String args =
        "--pair eurusd --warehouse duckdb:w.duckdb --checkpoints data --force --limit 10"
            + " --runner DirectRunner --layout sharded --materializeViews false";

    assertThat(run((options, config) -> seen.set(config), args.split(" "))).isZero();

    assertThat(seen.get().checkpoints()).isEqualTo("data");
    assertThat(seen.get().force()).isTrue();
    assertThat(seen.get().limit()).isEqualTo(10);
    assertThat(seen.get().layout()).isEqualTo(Layout.SHARDED);
    assertThat(console.err()).isEmpty();
  }

  @Test
  void optionsOfBeamAndItsRunnersPass() {
    String[] args =
        with(
            "--runner=DirectRunner",
            "--targetParallelism=2",
            "--experiments=one",
            "--experiments=two",
            "--project=some-project",
            "--jobName=some-name",
            "--streaming");

    assertThat(run((options, config) -> {}, args)).isZero();
  }

  @Test
  void theJobIsNamedAfterTheCommand() {
    List<String> names = new ArrayList<>();

    run((options, config) -> names.add(BeamOptions.of(options).getJobName()), VALID);
    run(
        (options, config) -> names.add(BeamOptions.of(options).getJobName()),
        with("--appName=mine"));

    assertThat(names.get(0)).startsWith("bqxextract-");
    assertThat(names.get(1)).startsWith("mine-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pairs=a | --pairs: no such option; did you mean --pair?",
        "--startdate=a | --startdate: no such option; did you mean --startDate?",
        "--jobNam=a | --jobNam: no such option; did you mean --jobName?",
        "--nothingLikeIt=1 | --nothingLikeIt: no such option",
        "eurusd | eurusd: not an option (expected --name=value)",
        "-limit=3 | -limit=3: not an option (expected --name=value)",
        "--limit many | --limit=many: not a whole number",
        "--force perhaps | --force=perhaps: not true or false",
        "--force true agg | agg: not an option (expected --name=value)",
        "--groups | --groups needs a value (expected --groups=TEXT)",
        "--layout | --layout needs a value (expected --layout=aligned|sharded)",
        "--limit=many | --limit=many: not a whole number",
        "--limit=1.5 | --limit=1.5: not a whole number",
        "--limit= | --limit=: not a whole number",
        "--shardRows=99999999999 | --shardRows=99999999999: the number is too large",
        "--layout=diagonal | --layout=diagonal: not one of aligned, sharded",
        "--layout= | --layout=: not one of aligned, sharded",
        "--force=perhaps | --force=perhaps: not true or false",
        "--runner=Nobody | --runner=Nobody: Unknown 'runner' specified 'Nobody', supported",
        "--targetParallelism=x | --targetParallelism=x: Cannot deserialize value",
        "--=x | --=x: not an option (expected --name=value)",
        "--limit=1 --limit=2 | --limit is given 2 times",
        "--jobName=a --jobName=b | --jobName=a --jobName=b: expected one element but was",
      })
  void anArgumentThatCannotBeUsedIsTold(String args, String message) {
    int code = run((options, config) -> fail(), with(args.split(" ")));

    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("error: " + message);
    assertThat(console.err().lines())
        .hasSize(2)
        .last()
        .isEqualTo("       --help explains all options");
  }

  @Test
  void whatCannotBeParsedAndWhatIsNotValidAreToldTogether() {
    int code =
        run(
            (options, config) -> fail(),
            "--pairr=eurusd",
            "eurusd",
            "--limit=abc",
            "--layout=x",
            "--startDate=2024-13-01",
            "--checkpoints",
            "--warehouse=w.duckdb");

    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            """
            error: eurusd: not an option (expected --name=value)
                   --pairr: no such option; did you mean --pair?
                   --limit=abc: not a whole number
                   --layout=x: not one of aligned, sharded
                   --checkpoints needs a value (expected --checkpoints=TEXT)
                   --pair is required (expected a currency pair, for example eurusd)
                   --warehouse=w.duckdb: not a warehouse (expected bigquery or duckdb:FILE)
                   --startDate=2024-13-01: not a date (expected yyyy-mm-dd)
                   --help explains all options
            """);
    assertThat(console.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--help=true"})
  void helpWinsOverEverythingElse(String help) {
    int code = run((options, config) -> fail(), "--nonsense", help);

    assertThat(code).isZero();
    assertThat(console.out()).startsWith("usage: extract --pair=TEXT").contains("Does a thing.");
    assertThat(console.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ExtractOptions.class,
        MergeOptions.class,
        SampleOptions.class,
        VerifyOptions.class
      })
  void helpExplainsEveryOption(Class<? extends CommandOptions> type) {
    String help = HelpText.of(new Command<>("it", "Does a thing.", type));

    assertThat(CommandOption.of(type))
        .hasSizeGreaterThan(7)
        .allSatisfy(
            (name, option) -> {
              assertThat(help).containsOnlyOnce("\n  --" + name + (option.isFlag() ? "" : "="));
              assertThat(option.description()).matches("(?s)[A-Z].{10,}\\.");
            });
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(90));
  }

  @Test
  void helpTellsDefaultsAndPossibleValuesAndWhatIsRequired() {
    run((options, config) -> fail(), "--help");

    assertThat(console.out())
        .contains("\nThe warehouse\n  --warehouse=TEXT  (required)\n")
        .contains("\n  --compression=snappy|zstd|best|none  (default snappy)\n")
        .contains("\n  --rowGroupRows=TEXT  (default auto)\n")
        .contains("\n  --shardRows=NUMBER  (default 0)\n")
        .contains("\n  --startDate=TEXT\n")
        .contains("\n  --force\n")
        .contains("--runner=DataflowRunner");
  }

  @Test
  void optionsOfARunnerCanBeListedToo() {
    int code = run((options, config) -> fail(), "--help=DirectOptions");

    assertThat(code).isZero();
    assertThat(console.out()).contains("--targetParallelism");
  }

  @Test
  void unknownHelpIsAnError() {
    int code = run((options, config) -> fail(), "--help=pair");

    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("error: --help=pair: no such set of options");
  }

  @Test
  void successDoesNotEndTheJvm() {
    CommandLine.exitOnFailure(0);

    assertThat(PipelineOptionsFactory.create()).isNotNull();
  }

  private static int run(CommandLine.Action<ExtractOptions, ExtractConfig> action, String... args) {
    return CommandLine.run(
        new Command<>("extract", "Does a thing.", ExtractOptions.class),
        args,
        ExtractConfig::from,
        action);
  }

  private static String[] with(String... more) {
    List<String> args = new ArrayList<>(List.of(VALID));
    args.addAll(List.of(more));

    return args.toArray(String[]::new);
  }

  private static void fail() {
    throw new AssertionError("must not run");
  }
}
