package ml.bqx.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.bigquery.BigQueryClient;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.Arguments;
import ml.bqx.cli.ErrorReport;
import ml.bqx.cli.JsonLog;
import ml.bqx.cli.LogContext;
import ml.bqx.cli.Output;
import ml.bqx.cli.SpacedOptions;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.CloudConfig;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.config.ExtractConfig;
import ml.bqx.config.Source;
import ml.bqx.cost.CostEstimate;
import ml.bqx.cost.CostEstimate.Keeping;
import ml.bqx.cost.MeasuredUsage;
import ml.bqx.cost.PairSize;
import ml.bqx.cost.Usage;
import ml.bqx.cost.Workers;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.dataflow.JobSettings;
import ml.bqx.options.ExtractOptions;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.Discovery;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.bigquery.BigQueryWarehouse;

/** A launch from its arguments to its report. */
public final class Launch {
  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  /** By name: a launcher has nothing of Beam. */
  private static final String NO_CREDENTIALS =
      "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory";

  private final InProcess inProcess;
  private final LauncherConfig config;

  private Launch(InProcess inProcess, LauncherConfig config) {
    this.inProcess = inProcess;
    this.config = config;
  }

  /**
   * Launches as the environment of this process says; in Cloud Run, its log is JSON.
   *
   * @param inProcess does what is not done by jobs
   * @return the exit code
   */
  public static int main(InProcess inProcess, String... args) {
    if (!System.getenv().getOrDefault(LaunchTask.EXECUTION, "").isEmpty()) {
      JsonLog.install();
    }

    int code = run(inProcess, System.getenv(), args);
    System.out.flush();
    System.err.flush();
    return code;
  }

  /**
   * Launches.
   *
   * @param inProcess does what is not done by jobs
   * @param environment variables of the launcher and of Cloud Run
   * @param args what is launched, then options
   * @return the exit code: 0, or 1 when there was an error, which was then printed
   */
  public static int run(InProcess inProcess, Map<String, String> environment, String... args) {
    Locale.setDefault(Locale.ROOT);
    try (Output output = Output.begin("launch", args)) {
      return run(inProcess, environment, output, Output.without(args));
    }
  }

  private static int run(
      InProcess inProcess, Map<String, String> environment, Output output, String... args) {
    try {
      if (Stream.of(args).anyMatch(HELP::contains)) {
        System.out.print(LaunchHelp.text());
        return 0;
      }

      LauncherConfig config =
          LaunchArguments.config(environment, List.of(SpacedOptions.joined(name -> false, args)));

      return new Launch(inProcess, config).run();
    } catch (Throwable e) {
      new ErrorReport(args).print(e);
      output.fail(e);
      return 1;
    }
  }

  private int run() {
    if (config.estimate()) {
      System.out.print(estimate());
      return 0;
    }

    return config.target() instanceof LaunchTarget.Jobs jobs ? onDataflow(jobs.settings()) : here();
  }

  /** The estimate for a pair; the job that is not launched is assumed to have its defaults. */
  private String estimate() {
    return new CostEstimate(
            extraction(),
            config.mergeMethod(),
            config.target() instanceof LaunchTarget.Jobs jobs
                ? jobs.settings().workers()
                : Workers.DEFAULT,
            config.deletesCheckpoints() ? Keeping.UNTIL_MERGED : Keeping.KEPT)
        .table()
        .toString();
  }

  private CostEstimate.Extraction extraction() {
    if (config.kind() == LaunchKind.MERGE) {
      return CostEstimate.Jobs.forFullPair();
    } else if (config.target() instanceof LaunchTarget.Here) {
      return new CostEstimate.Here();
    }

    JobSplit split = JobSplit.of(config, PairSize.FULL::values);
    return new CostEstimate.Jobs(split.jobs() * split.workers(), split.jobs());
  }

  private int onDataflow(JobSettings settings) {
    try (DataflowLaunch launch = DataflowLaunch.of(config, settings, this::wanted)) {
      if (config.validateOnly()) {
        launch.validate();
        return 0;
      }

      return report(launch.follow());
    }
  }

  private int report(List<LaunchOutcome> outcomes) {
    outcomes.forEach(this::report);
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

  private void report(LaunchOutcome outcome) {
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

  /** What the jobs would extract. Only this asks the warehouse. */
  private Wanted wanted(Pair pair) {
    List<String> args = new ArrayList<>(arguments(pair));
    if (JobRequests.needSnapshot(config)) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      args.add("--%s=%s".formatted(JobRequests.SNAPSHOT_TIME, now));
    }

    // What is not the extraction's own is for Beam in the jobs.
    Arguments.Others jobs = (name, given, known) -> Optional.empty();
    ExtractConfig extraction =
        ExtractConfig.from(
            Arguments.parse(ExtractOptions.class, jobs, args.toArray(String[]::new)));
    try (Warehouse warehouse = warehouse(extraction.source())) {
      Discovery found = Discovery.of(extraction, warehouse);
      return new Wanted(found.complete(extraction), found);
    }
  }

  private Warehouse warehouse(Source source) {
    if (source instanceof EmbeddedFile file) {
      return inProcess.open(file);
    }

    BigQueryConfig bigQuery = (BigQueryConfig) source;
    String endpoint = config.endpoints().bigQuery();
    return new BigQueryWarehouse(
        BigQueryClient.of(
            CloudConfig.takesCredentials(endpoint)
                ? CloudConfig.credentials(config.impersonatedAccounts())
                : null,
            endpoint,
            bigQuery.readTimeout()),
        bigQuery);
  }

  private int here() {
    List<LaunchOutcome> outcomes = new ArrayList<>();
    for (Pair pair : config.pairs()) {
      long start = System.nanoTime();
      LogContext.ofAll(Map.of("pair", pair.name()));
      int code = inProcess.run(config.kind(), arguments(pair).toArray(String[]::new));
      System.out.flush();
      outcomes.add(outcome(pair, code, Duration.ofNanos(System.nanoTime() - start)));
    }

    LogContext.ofAll(Map.of());
    return report(outcomes);
  }

  private LaunchOutcome outcome(Pair pair, int code, Duration elapsed) {
    long rows = 0;
    int features = 0;
    try {
      Optional<Manifest> manifest =
          code == 0 ? Manifest.read(storage(), config.checkpointDirectory(pair)) : Optional.empty();
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

  private Storage storage() {
    return Storage.of(CloudConfig.of(config.endpoints().gcs(), config.impersonatedAccounts()));
  }

  private List<String> arguments(Pair pair) {
    Map<String, String> options = new LinkedHashMap<>();
    if (config.kind() == LaunchKind.EXTRACT) {
      options.put("warehouse", JobSplit.BIGQUERY);
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
      options.put("credentialFactoryClass", NO_CREDENTIALS);
    }

    options.putAll(config.pipelineOptions(pair));
    return options.entrySet().stream()
        .map(option -> "--%s=%s".formatted(option.getKey(), option.getValue()))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
