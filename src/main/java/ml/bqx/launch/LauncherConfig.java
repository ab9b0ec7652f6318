package ml.bqx.launch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.Locations;
import ml.bqx.config.Wave;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.MergeMethod;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One task of launches, validated; made by {@link #from}.
 *
 * @param pairs those of this task
 * @param checkpoints directory under which every pair has one of its own; no slash at its end
 * @param output directory the training files are written to; null when extracting
 * @param project the Google Cloud project; null when the work is done in this process and needs
 *     none
 * @param tempLocation directory of temporary files, on Cloud Storage; null if not set
 * @param target where the work is done
 * @param extractionWorkers maximum workers of a pair's extraction, over all its jobs
 * @param mergeWorkers maximum workers of a merge's job
 * @param waves jobs that one pair's extraction is divided into; empty to choose them by its size
 * @param maxConcurrentJobs maximum jobs that run at a time
 * @param impersonatedAccounts the service account to act as, last, behind those that delegate to
 *     it; empty to act as oneself
 * @param poll time between polls of the jobs
 * @param timeout after which running jobs are no longer waited for; zero means no limit
 * @param parameters options of the pipeline, by name, that go to it as they are
 */
public record LauncherConfig(
    LaunchKind kind,
    LaunchTask task,
    List<Pair> pairs,
    String checkpoints,
    @Nullable String output,
    MergeMethod mergeMethod,
    @Nullable String project,
    @Nullable String tempLocation,
    LaunchTarget target,
    LaunchEndpoints endpoints,
    int extractionWorkers,
    int mergeWorkers,
    OptionalInt waves,
    int maxConcurrentJobs,
    LaunchTermination onTermination,
    List<String> impersonatedAccounts,
    Duration poll,
    Duration timeout,
    boolean validateOnly,
    boolean estimate,
    Map<String, String> parameters) {
  /** More often would only cost quota; tests, whose jobs take no time, go down to this. */
  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);

  /**
   * Validates what was set.
   *
   * @param values by variable; an empty one is not set
   * @param environment what Cloud Run says of the task
   * @param parameters options of the pipeline
   * @throws InvalidInputException with a line for each variable that is wrong
   */
  public static LauncherConfig from(
      LaunchKind kind,
      Map<LaunchVariable, String> values,
      Map<String, String> environment,
      Map<String, String> parameters) {
    Checks checks = new Checks();
    LaunchValues from = new LaunchValues(values, environment, checks);
    LaunchTask task = LaunchTask.from(environment, checks);
    OptionalInt waves = from.countOrAuto(LaunchVariable.WAVES);
    int workers = from.count(LaunchVariable.EXTRACTION_WORKERS);
    if (waves.orElse(1) > Wave.MOST) {
      checks.problem("WAVES=%d: too many (expected %d or fewer)", waves.getAsInt(), Wave.MOST);
    } else if (waves.orElse(1) > workers) {
      checks.problem(
          "WAVES=%d: more than EXTRACTION_WORKERS=%d, and each needs a worker",
          waves.getAsInt(), workers);
    }

    Map<String, String> allParameters = new LinkedHashMap<>(parameters);
    allParameters.putAll(from.passedOn(kind));
    MergeMethod method = from.choice(LaunchVariable.MERGE_METHOD, MergeMethod.class);
    String project = from.project();
    String tempLocation = from.optionalFolder(LaunchVariable.TEMP_LOCATION);
    LaunchTarget target =
        switch (kind) {
          case EXTRACT ->
              from.isHere(LaunchVariable.EXTRACT_TEMPLATE)
                  ? new LaunchTarget.Here()
                  : from.jobs(LaunchVariable.EXTRACT_TEMPLATE, project, tempLocation);
          case MERGE ->
              method == MergeMethod.BEAM
                  ? from.jobs(LaunchVariable.MERGE_TEMPLATE, project, tempLocation)
                  : new LaunchTarget.Here();
        };
    LauncherConfig config =
        new LauncherConfig(
            kind,
            task,
            task.share(from.pairs()),
            from.folder(LaunchVariable.GCS_CHECKPOINT_BUCKET, target),
            kind == LaunchKind.MERGE ? from.folder(LaunchVariable.GCS_OUTPUT_BUCKET, target) : null,
            method,
            project,
            tempLocation,
            target,
            from.endpoints(),
            workers,
            from.count(LaunchVariable.MERGE_WORKERS),
            waves,
            from.count(LaunchVariable.MAX_CONCURRENT_JOBS),
            from.choice(LaunchVariable.ON_TERMINATION, LaunchTermination.class),
            from.accounts(LaunchVariable.IMPERSONATE_SERVICE_ACCOUNT),
            from.time(LaunchVariable.POLL_SECONDS, Duration.ofSeconds(1), SHORTEST_POLL),
            from.time(LaunchVariable.TIMEOUT_MINUTES, Duration.ofMinutes(1), Duration.ZERO),
            from.flag(LaunchVariable.VALIDATE_ONLY),
            from.flag(LaunchVariable.ESTIMATE),
            allParameters);
    if (config.validateOnly && target instanceof LaunchTarget.Here) {
      checks.problem("VALIDATE_ONLY=true: only jobs of a template can be validated");
    }

    checks.throwIfAny();
    return config;
  }

  /** Options of a pair's pipeline, by name, wherever it runs. */
  public Map<String, String> pipelineOptions(Pair pair) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("pair", pair.name());
    options.put("checkpoints", checkpoints);
    if (kind == LaunchKind.MERGE) {
      options.put("output", trainingDirectory());
      options.put("mergeMethod", mergeMethod.toString());
    }

    options.putAll(endpoints.pipelineOptions());
    options.putAll(parameters);
    return options;
  }

  /** Whether a merge deletes its checkpoints when its training file is published. */
  public boolean deletesCheckpoints() {
    return "true".equals(parameters.get("deleteCheckpoints"));
  }

  /** Directory of the checkpoints of a pair; no slash at its end. */
  public String checkpointDirectory(Pair pair) {
    return Locations.pair(checkpoints, pair);
  }

  String trainingDirectory() {
    return Objects.requireNonNull(output, "only a merge has an output");
  }

  /** The training file of a pair. */
  public String trainingFile(Pair pair) {
    return Locations.trainingFile(trainingDirectory(), pair);
  }
}
