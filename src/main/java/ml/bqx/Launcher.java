package ml.bqx;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.Arguments;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.ErrorReport;
import ml.bqx.cli.JsonLog;
import ml.bqx.cli.LogContext;
import ml.bqx.cli.Output;
import ml.bqx.cli.SpacedOptions;
import ml.bqx.config.CloudConfig;
import ml.bqx.config.ExtractConfig;
import ml.bqx.cost.CostEstimate;
import ml.bqx.cost.CostEstimate.Keeping;
import ml.bqx.cost.MeasuredUsage;
import ml.bqx.cost.PairSize;
import ml.bqx.cost.Usage;
import ml.bqx.cost.Workers;
import ml.bqx.extract.Extraction;
import ml.bqx.extract.ExtractionPlan;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.DataflowLaunch;
import ml.bqx.launch.JobSplit;
import ml.bqx.launch.LaunchArguments;
import ml.bqx.launch.LaunchHelp;
import ml.bqx.launch.LaunchKind;
import ml.bqx.launch.LaunchOutcome;
import ml.bqx.launch.LaunchTable;
import ml.bqx.launch.LaunchTarget;
import ml.bqx.launch.LaunchTask;
import ml.bqx.launch.LauncherConfig;
import ml.bqx.launch.Wanted;
import ml.bqx.launch.dataflow.JobSettings;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.ExtractOptions;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;

/**
 * Launches the extraction or the merge of one or more pairs, follows it and verifies the result:
 * the entry point of the Cloud Run jobs. Methods that need no Dataflow run in this process.
 */
public final class Launcher {
  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  private Launcher() {}

  /** Launches; {@code --help} lists the variables and options. */
  public static void main(String[] args) {
    if (!System.getenv().getOrDefault(LaunchTask.EXECUTION, "").isEmpty()) {
      JsonLog.install();
    }

    int code = run(System.getenv(), args);
    System.out.flush();
    System.err.flush();
    CommandLine.exitOnFailure(code);
  }

  static int run(Map<String, String> environment, String... args) {
    Locale.setDefault(Locale.ROOT);
    try (Output output = Output.begin("launch", args)) {
      return run(environment, output, Output.without(args));
    }
  }

  private static int run(Map<String, String> environment, Output output, String... args) {
    try {
      if (Stream.of(args).anyMatch(HELP::contains)) {
        System.out.print(LaunchHelp.text());
        return 0;
      }

      LaunchKind kind = kind(args);
      List<String> all = List.of(SpacedOptions.joined(args));
      LauncherConfig config = LaunchArguments.config(kind, environment, all.subList(1, all.size()));
      if (config.estimate()) {
        System.out.print(estimate(config));
        return 0;
      }

      return config.target() instanceof LaunchTarget.Jobs jobs
          ? onDataflow(config, jobs.settings())
          : here(config);
    } catch (Throwable e) {
      new ErrorReport(args).print(e);
      output.fail(e);
      return 1;
    }
  }

  private static LaunchKind kind(String... args) {
    return Stream.of(LaunchKind.values())
        .filter(kind -> args.length > 0 && kind.toString().equals(args[0]))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot launch %s: the first argument must be extract or merge"
                        .formatted(args.length == 0 ? "nothing" : args[0])));
  }

  /** The estimate for a pair; the job that is not launched is assumed to have its defaults. */
  private static String estimate(LauncherConfig config) {
    return new CostEstimate(
            extraction(config),
            config.mergeMethod(),
            config.target() instanceof LaunchTarget.Jobs jobs
                ? jobs.settings().workers()
                : Workers.DEFAULT,
            config.deletesCheckpoints() ? Keeping.UNTIL_MERGED : Keeping.KEPT)
        .table()
        .toString();
  }

  private static CostEstimate.Extraction extraction(LauncherConfig config) {
    if (config.kind() == LaunchKind.MERGE) {
      return CostEstimate.Jobs.forFullPair();
    } else if (config.target() instanceof LaunchTarget.Here) {
      return new CostEstimate.Here();
    }

    JobSplit split = JobSplit.of(config, PairSize.FULL::values);
    return new CostEstimate.Jobs(split.jobs() * split.workers(), split.jobs());
  }

  private static int onDataflow(LauncherConfig config, JobSettings settings) {
    try (DataflowLaunch launch =
        DataflowLaunch.of(config, settings, pair -> wanted(config, pair))) {
      if (config.validateOnly()) {
        launch.validate();
        return 0;
      }

      return report(config, launch.follow());
    }
  }

  private static int report(LauncherConfig config, List<LaunchOutcome> outcomes) {
    outcomes.forEach(outcome -> report(config, outcome));
    LaunchTable.print(config.kind(), outcomes, System.out);
    // The time of a launcher that does the work itself is part of each pair's usage.
    Usage launcher =
        config.target() instanceof LaunchTarget.Here
            ? Usage.NONE
            : MeasuredUsage.container(
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
    LaunchTable.printCost(config.kind(), outcomes, launcher, System.out);
    return LaunchOutcome.areGood(outcomes) ? 0 : 1;
  }

  private static void report(LauncherConfig config, LaunchOutcome outcome) {
    try (LogContext pair = LogContext.of(Map.of("pair", outcome.pair().name()))) {
      if (!outcome.problem().isEmpty()) {
        new ErrorReport().print(new InvalidInputException(outcome.problem()));
      }

      JsonLog.event(
          "pair",
          "%s %s: %s".formatted(config.kind(), outcome.pair(), outcome.state()),
          outcome.fields(config.kind()));
    }
  }

  /** What the jobs would extract. Only this needs Beam's options, and asks the warehouse. */
  private static Wanted wanted(LauncherConfig config, Pair pair) {
    List<String> args = arguments(config, pair);
    if (!config.parameters().containsKey("warehouse")) {
      args.add("--warehouse=bigquery");
    }

    if (!config.impersonatedAccounts().isEmpty()) {
      args.add("--impersonateServiceAccount=" + String.join(",", config.impersonatedAccounts()));
    }

    ExtractOptions options = Arguments.parse(ExtractOptions.class, args.toArray(String[]::new));
    ExtractConfig extraction = ExtractConfig.from(options);
    ExtractionPlan plan =
        Extraction.create(BeamOptions.of(options), extraction, new BigQueryServicesImpl()).plan();
    return new Wanted(extraction, plan.catalog(), plan.values());
  }

  private static int here(LauncherConfig config) {
    List<LaunchOutcome> outcomes = new ArrayList<>();
    for (Pair pair : config.pairs()) {
      long start = System.nanoTime();
      LogContext.ofAll(Map.of("pair", pair.name()));
      List<String> args = arguments(config, pair);
      int code =
          config.kind() == LaunchKind.EXTRACT
              ? ExtractPipeline.run(args.toArray(String[]::new))
              : MergePipeline.run(args.toArray(String[]::new));
      System.out.flush();
      outcomes.add(outcome(config, pair, code, Duration.ofNanos(System.nanoTime() - start)));
    }

    LogContext.ofAll(Map.of());

    return report(config, outcomes);
  }

  private static LaunchOutcome outcome(
      LauncherConfig config, Pair pair, int code, Duration elapsed) {
    long rows = 0;
    int features = 0;
    try {
      Optional<Manifest> manifest =
          code == 0
              ? Manifest.read(storage(config), config.checkpointDirectory(pair))
              : Optional.empty();
      rows = manifest.map(each -> each.spine().rows()).orElse(0);
      features = manifest.map(Manifest::features).orElse(0);
    } catch (IOException e) {
      // The command has verified its result; only the table lacks numbers.
      System.err.println("Cannot read the manifest of " + pair + ": " + e.getMessage());
    }

    return new LaunchOutcome(
        pair,
        code == 0 ? LaunchOutcome.State.DONE : LaunchOutcome.State.FAILED,
        rows,
        features,
        elapsed,
        MeasuredUsage.container(elapsed),
        "");
  }

  private static Storage storage(LauncherConfig config) {
    return Storage.of(CloudConfig.of(config.endpoints().gcs(), config.impersonatedAccounts()));
  }

  private static List<String> arguments(LauncherConfig config, Pair pair) {
    Map<String, String> options = new LinkedHashMap<>();
    if (config.kind() == LaunchKind.EXTRACT) {
      options.put("extractionWorkers", Integer.toString(config.extractionWorkers()));
      config.waves().ifPresent(waves -> options.put("waves", Integer.toString(waves)));
    }

    if (config.project() != null) {
      options.put("project", config.project());
    }

    if (config.tempLocation() != null) {
      options.put("tempLocation", config.tempLocation());
    }

    if (!CloudConfig.takesCredentials(config.endpoints().gcs())) {
      options.put("credentialFactoryClass", NoopCredentialFactory.class.getName());
    }

    options.putAll(config.pipelineOptions(pair));
    return options.entrySet().stream()
        .map(option -> "--%s=%s".formatted(option.getKey(), option.getValue()))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
