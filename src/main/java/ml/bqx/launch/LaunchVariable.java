package ml.bqx.launch;

import java.util.Optional;

/**
 * The launcher's settings: the environment variable has the constant's name, the option is {@link
 * #option}; the option wins. This is the only list: tests compare the help text, docs/commands.md
 * and the manifests with it.
 *
 * <p>Unlike the pipelines, it does not use Beam's options: loading them takes more time and memory
 * than anything else the launcher does.
 */
public enum LaunchVariable {
  LAUNCH(
      "launch",
      "extract",
      "",
      "What to launch, extract or merge. Not needed where the first argument says so."),
  PAIR(
      "pair",
      "eurusd",
      "",
      "Currency pair. Set either this or PAIRS, or write pairs as an argument without a name."),
  PAIRS(
      "pairs",
      "all",
      "",
      "Comma-separated currency pairs, or all for the 28. The tasks of a Cloud Run job divide them"
          + " among themselves."),
  GCS_CHECKPOINT_BUCKET(
      "checkpoints",
      "gs://bucket/folder",
      "",
      "Directory of the checkpoints. Each pair has a subdirectory. Required."),
  GCS_OUTPUT_BUCKET(
      "output", "gs://bucket/folder", "", "Directory of training_{pair}.parquet. Required."),
  EXTRACT_TEMPLATE(
      "extractTemplate",
      "gs://bucket/extract.json",
      "",
      "Flex Template of the extraction, or here to extract in this process. Required."),
  EXTRACTION_WORKERS(
      "extractionWorkers",
      "25",
      "Maximum workers of a pair's extraction, over all its waves; threads if it runs here."),
  WAVES(
      "waves",
      "8",
      "auto",
      "Number of jobs of a pair's extraction; each takes its part of the feature groups. auto is"
          + " one job, with as many workers as pay for what there is to read."),
  MERGE_METHOD(
      "mergeMethod",
      "beam",
      "How checkpoints are joined. beam is a job of the Flex Template; any other method runs in"
          + " this process."),
  MERGE_TEMPLATE(
      "mergeTemplate",
      "gs://bucket/merge.json",
      "",
      "Flex Template of the merge. Required for MERGE_METHOD=beam."),
  MERGE_WORKERS("mergeWorkers", "2", "Maximum workers of the job of a merge."),
  EXPECTED_CHECKPOINTS(
      "expectedCheckpoints",
      "667",
      "",
      "Exact number of checkpoints of a pair, targets included; 0 disables the check."),
  MIN_CHECKPOINT_BYTES(
      "minCheckpointBytes",
      "1000000",
      "",
      "Minimum size of a checkpoint in bytes; 0 accepts any size."),
  MIN_CHECKPOINTS(
      "minCheckpoints",
      "600",
      "",
      "Minimum number of checkpoints to merge, targets included; 0 disables the check."),
  EXPECTED_FEATURES(
      "expectedFeatures",
      "6477",
      "",
      "Exact number of features of a training file; 0 disables the check."),
  EXPECTED_TARGETS(
      "expectedTargets",
      "7",
      "",
      "Exact number of targets of a training file; 0 disables the check."),
  MIN_ROWS("minRows", "100000", "", "Minimum rows of a training file; 0 disables the check."),
  PROJECT("project", "my-project", "", "Google Cloud project. Required for templates."),
  REGION("region", "us-central1", "", "Region of the jobs. Required for templates."),
  WORKER_SERVICE_ACCOUNT(
      "workerServiceAccount",
      "worker@my-project.iam.gserviceaccount.com",
      "",
      "Service account of the workers; the project's default one if not set."),
  NETWORK("network", "default", "", "Network of the workers."),
  SUBNETWORK(
      "subnetwork", "regions/us-central1/subnetworks/default", "", "Subnetwork of the workers."),
  MACHINE_TYPE(
      "machineType",
      "n1-standard-2",
      "",
      "Machine type of the workers; Dataflow chooses if not set."),
  LAUNCHER_MACHINE_TYPE(
      "launcherMachineType",
      "n1-standard-1",
      "",
      "Machine type of the machine that starts a job; Dataflow chooses if not set."),
  DISK_SIZE_GB("diskSizeGb", "30", "", "Disk of a worker in GB; Dataflow chooses if not set."),
  WORKER_ZONE(
      "workerZone", "us-central1-f", "", "Zone of the workers; Dataflow chooses if not set."),
  USE_PUBLIC_IPS(
      "usePublicIps",
      "false",
      "true",
      "Whether workers have external addresses. Without them, the subnetwork needs Private Google"
          + " Access."),
  KMS_KEY(
      "kmsKey",
      "projects/my-project/locations/us-central1/keyRings/ring/cryptoKeys/key",
      "",
      "Key of Cloud KMS that encrypts what the jobs store; Google's own if not set."),
  FLEX_RS(
      "flexRs",
      "true",
      "false",
      "Let Dataflow start the jobs within six hours, for less money (FlexRS). Needs a"
          + " TIMEOUT_MINUTES that is longer."),
  ADDITIONAL_EXPERIMENTS(
      "additionalExperiments",
      "use_runner_v2,enable_prime",
      "",
      "Experiments of Dataflow, separated by commas."),
  IMPERSONATE_SERVICE_ACCOUNT(
      "impersonateServiceAccount",
      "launcher@my-project.iam.gserviceaccount.com",
      "",
      "Service account to call Google's services as, instead of the launcher's own; after a comma,"
          + " those that the accounts before it delegate to."),
  TEMP_LOCATION("tempLocation", "gs://bucket/temp", "", "Directory of the jobs' temporary files."),
  STAGING_LOCATION(
      "stagingLocation",
      "gs://bucket/staging",
      "",
      "Directory of the jobs' staged files, such as their jars."),
  LABELS("labels", "team=quant,stage=test", "", "Labels of the jobs: comma-separated key=value."),
  MAX_CONCURRENT_JOBS("maxConcurrentJobs", "8", "Maximum concurrent jobs of a launcher."),
  ON_TERMINATION(
      "onTermination",
      "detach",
      "What happens to running jobs when the launcher is terminated or times out: detach leaves"
          + " them running, and the next attempt takes them over; cancel cancels them."),
  POLL_SECONDS("pollSeconds", "20", "Seconds between polls of the jobs, 0.1 or more."),
  TIMEOUT_MINUTES(
      "timeoutMinutes", "120", "Minutes until the launcher stops waiting; 0 means no limit."),
  VALIDATE_ONLY(
      "validateOnly",
      "true",
      "false",
      "Let Dataflow check what would be launched, and launch nothing."),
  ESTIMATE("estimate", "true", "false", "Print the estimated cost, and launch nothing."),
  DATAFLOW_ENDPOINT(
      "dataflowEndpoint",
      "https://dataflow.googleapis.com/",
      "Address of the Dataflow service. No credentials are sent to an http address."),
  GCS_ENDPOINT(
      "gcsEndpoint",
      "https://storage.googleapis.com/storage/v1/",
      "Address of Cloud Storage. Any other than the default is passed on to the jobs."),
  BIGQUERY_ENDPOINT(
      "bigQueryEndpoint",
      "https://bigquery.googleapis.com",
      "Address of BigQuery. Any other than the default is passed on to the jobs.");

  private final String option;
  private final String example;
  private final String defaultValue;
  private final String help;

  /** Its default is an example too. */
  LaunchVariable(String option, String defaultValue, String help) {
    this(option, defaultValue, defaultValue, help);
  }

  LaunchVariable(String option, String example, String defaultValue, String help) {
    this.option = option;
    this.example = example;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  /** The option's name, without the two dashes. */
  public String option() {
    return option;
  }

  /** A valid value. */
  public String example() {
    return example;
  }

  /** The value when it is not set; empty when there is none. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it does, for people. */
  public String help() {
    return help;
  }

  /**
   * Which pipeline has the option too, and takes what is set here; empty for those that are the
   * launcher's own.
   */
  Optional<LaunchKind> pipeline() {
    return switch (this) {
      case EXPECTED_CHECKPOINTS, MIN_CHECKPOINT_BYTES -> Optional.of(LaunchKind.EXTRACT);
      case MIN_CHECKPOINTS, EXPECTED_FEATURES, EXPECTED_TARGETS, MIN_ROWS ->
          Optional.of(LaunchKind.MERGE);
      default -> Optional.empty();
    };
  }

  boolean isFlag() {
    return defaultValue.equals("false");
  }
}
