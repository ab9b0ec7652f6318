package ml.bqx.launch;

import java.util.EnumSet;
import java.util.Set;

/**
 * What the launcher can be told: by the environment variable of the constant's name, or by the
 * option of {@link #option}, which wins. The one list of them: the help text, docs/commands.md and
 * the manifests are held to it.
 *
 * <p>It does without Beam's options, unlike the pipelines: loading those takes longer than anything
 * else a launcher does, and more memory.
 */
public enum LaunchVariable {
  PAIR("pair", "eurusd", "", "The currency pair. Either this or PAIRS."),
  PAIRS(
      "pairs",
      "all",
      "",
      "Currency pairs with commas between, or all for the 28. The tasks of a Cloud Run job share"
          + " them out."),
  GCS_CHECKPOINT_BUCKET(
      "checkpoints",
      "gs://bucket/folder",
      "",
      "Where the checkpoints lie, each pair's in a folder of its own. Required."),
  GCS_OUTPUT_BUCKET(
      "output",
      "gs://bucket/folder",
      "",
      "Where training_{pair}.parquet goes. Required.",
      LaunchKind.MERGE),
  EXTRACT_TEMPLATE(
      "extractTemplate",
      "gs://bucket/extract.json",
      "",
      "The Flex Template of the extraction, or here: then it runs in this process. Required.",
      LaunchKind.EXTRACT),
  EXTRACTION_WORKERS(
      "extractionWorkers",
      "25",
      "25",
      "Workers of a pair's extraction at most, over all its waves; threads when it runs here.",
      LaunchKind.EXTRACT),
  WAVES(
      "waves",
      "8",
      "8",
      "Jobs that a pair's extraction is cut into; each takes its part of the feature groups.",
      LaunchKind.EXTRACT),
  MERGE_METHOD(
      "mergeMethod",
      "beam",
      "beam",
      "How checkpoints are joined. beam is a job of the Flex Template; any other method runs in"
          + " this process.",
      LaunchKind.MERGE),
  MERGE_TEMPLATE(
      "mergeTemplate",
      "gs://bucket/merge.json",
      "",
      "The Flex Template of the merge. Required for MERGE_METHOD=beam.",
      LaunchKind.MERGE),
  PROJECT("project", "my-project", "", "The Google Cloud project. Required for templates."),
  REGION("region", "us-central1", "", "Where the jobs run. Required for templates."),
  WORKER_SERVICE_ACCOUNT(
      "workerServiceAccount",
      "worker@my-project.iam.gserviceaccount.com",
      "",
      "The account that the jobs' workers run as; without it, the project's default one."),
  NETWORK("network", "default", "", "The network of the workers."),
  SUBNETWORK(
      "subnetwork",
      "regions/us-central1/subnetworks/default",
      "",
      "The subnetwork of the workers."),
  MACHINE_TYPE(
      "machineType",
      "n1-standard-2",
      "",
      "The machine type of the workers; without it, Dataflow's choice."),
  TEMP_LOCATION(
      "tempLocation", "gs://bucket/temp", "", "Where the jobs keep what they need while running."),
  STAGING_LOCATION(
      "stagingLocation", "gs://bucket/staging", "", "Where the jobs' own files are put."),
  LABELS(
      "labels", "team=quant,stage=test", "", "Labels of the jobs: key=value with commas between."),
  MAX_CONCURRENT_JOBS(
      "maxConcurrentJobs", "8", "8", "Jobs that a launcher has running at a time, at most."),
  ON_TERMINATION(
      "onTermination",
      "detach",
      "detach",
      "What becomes of running jobs when the launcher is ended or its time is over: detach leaves"
          + " them, and the next attempt takes them over; cancel ends them."),
  POLL_SECONDS("pollSeconds", "20", "20", "Seconds between two looks at the jobs, 0.1 or more."),
  TIMEOUT_MINUTES(
      "timeoutMinutes", "120", "120", "Minutes until the launcher stops waiting; 0 for ever."),
  VALIDATE_ONLY(
      "validateOnly",
      "true",
      "false",
      "Let Dataflow check what would be launched, and launch nothing."),
  ESTIMATE("estimate", "true", "false", "Print what it would cost, and launch nothing."),
  DATAFLOW_ENDPOINT(
      "dataflowEndpoint",
      "https://dataflow.googleapis.com/",
      "https://dataflow.googleapis.com/",
      "Address of the Dataflow service. No credentials are sent to an http address."),
  GCS_ENDPOINT(
      "gcsEndpoint",
      "https://storage.googleapis.com/storage/v1/",
      "https://storage.googleapis.com/storage/v1/",
      "Address of Cloud Storage. Any other one goes to the jobs too."),
  BIGQUERY_ENDPOINT(
      "bigQueryEndpoint",
      "https://bigquery.googleapis.com",
      "https://bigquery.googleapis.com",
      "Address of BigQuery. Any other one goes to the jobs.");

  private final String option;
  private final String example;
  private final String defaultValue;
  private final String help;
  private final Set<LaunchKind> kinds;

  LaunchVariable(String option, String example, String defaultValue, String help) {
    this(option, example, defaultValue, help, EnumSet.allOf(LaunchKind.class));
  }

  LaunchVariable(String option, String example, String defaultValue, String help, LaunchKind kind) {
    this(option, example, defaultValue, help, EnumSet.of(kind));
  }

  LaunchVariable(
      String option, String example, String defaultValue, String help, Set<LaunchKind> kinds) {
    this.option = option;
    this.example = example;
    this.defaultValue = defaultValue;
    this.help = help;
    this.kinds = kinds;
  }

  /** The option's name, behind the two dashes. */
  public String option() {
    return option;
  }

  /** A value that is valid. */
  public String example() {
    return example;
  }

  /** What holds when it is not given; empty when then there is nothing. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it does, for people. */
  public String help() {
    return help;
  }

  /** Whether it has a meaning for that kind of launch; where it has none, it may be set. */
  public boolean isFor(LaunchKind kind) {
    return kinds.contains(kind);
  }
}
