package ml.bqx.cost;

import ml.bqx.options.MergeMethod;

/**
 * Estimated cost of a pair from the warehouse to the training file, from {@link PairSize} and the
 * rates below: rates of the work were measured on one machine ({@code make bench}), those of the
 * cloud are assumed.
 *
 * @param extraction how the feature groups are read from the warehouse
 * @param mergeMethod how the checkpoints are joined
 * @param machineType of the workers of all jobs; empty for Dataflow's default
 */
public record CostEstimate(Extraction extraction, MergeMethod mergeMethod, String machineType) {
  /** Days until {@code deploy/lifecycle-data.json} deletes a checkpoint. */
  public static final int CHECKPOINT_DAYS = 14;

  /** Days that a training file is kept; most are replaced before. */
  private static final int TRAINING_DAYS = 30;

  /**
   * Values that a vCPU extracts in a second. The embedded warehouse gives 12.6 million (1.27
   * billion values in 101 CPU seconds); rows of BigQuery are decoded one by one and grouped, for
   * which five times the work is assumed.
   */
  private static final double EXTRACTED_VALUES_PER_SECOND = 2_500_000;

  /**
   * Bytes of training file that a vCPU merges in a second. Locally it is five times as much; a
   * container reads and writes at the speed of its network.
   */
  private static final double MERGED_BYTES_PER_SECOND = 50e6;

  /** Seconds of a merge by compose calls: 22 of them, each for 32 checkpoints, and the footers. */
  private static final double COMPOSE_SECONDS = 60;

  /** How often a tree of joins reads the whole set: at its leaves and at the two levels above. */
  private static final int SCANS = 3;

  /** Workers of a merge on Dataflow: its work takes seconds, so more would not pay. */
  private static final int MERGE_WORKERS = 2;

  /** Billed time of a worker before and after its work. */
  private static final double WORKER_START_SECONDS = 180;

  /** From the launch of a Flex Template until its job is submitted. */
  private static final double TEMPLATE_START_SECONDS = 300;

  /** Disk of a worker if the shuffle service is used. */
  private static final double WORKER_DISK_GB = 25;

  /**
   * Of each grouped GB: it is written to the shuffle and read from it, and the service bills a
   * quarter of a job's first 250 GB.
   */
  private static final double SHUFFLE_BILLED = 2 * 0.25;

  private static final double BYTES_PER_GB = 1e9;

  /**
   * Calls for a checkpoint while it is extracted: upload, rename, list, and upload and rename of
   * its commit record; in between, reads of metadata.
   */
  private static final int EXTRACT_WRITES = 5;

  private static final int EXTRACT_READS = 8;

  /** Calls for a checkpoint while it is merged: its footer twice, and its row groups. */
  private static final int MERGE_READS = 14;

  /** Calls of a merge that do not depend on the checkpoints, and the composes. */
  private static final int MERGE_WRITES = 30;

  private static final Container LAUNCHER = new Container(1, 0.5);
  private static final Container EXTRACT_HERE = new Container(4, 8);
  private static final Container MERGE_HERE = new Container(1, 2);

  private static final PairSize SIZE = PairSize.FULL;

  private record Container(int vcpus, double memoryGib) {
    Usage running(double seconds) {
      return Usage.container(seconds, vcpus, memoryGib);
    }
  }

  /** How an extraction runs. */
  public sealed interface Extraction {}

  /**
   * As parallel Dataflow jobs.
   *
   * @param workers of all jobs in total
   */
  public record Jobs(int workers, int jobs) implements Extraction {}

  /** In the container of a Cloud Run job. */
  public record Here() implements Extraction {}

  /** The estimate as a table. */
  public CostTable table() {
    String where =
        extraction instanceof Jobs jobs
            ? "%d Dataflow jobs, %d workers in total".formatted(jobs.jobs, jobs.workers)
            : "in its own container";
    return new CostTable("estimated cost of a pair, in US dollars")
        .add("extract, " + where, extract())
        .add("merge, " + mergeMethod, merge())
        .note(
            "For a pair with %,d rows, %,d columns and %,d checkpoints, which are kept for %d days."
                .formatted(SIZE.rows(), SIZE.columns(), SIZE.checkpoints(), CHECKPOINT_DAYS))
        .note(
            "Worker times are extrapolated from runs on one machine; a finished run reports actual usage.");
  }

  /**
   * Workers that an extraction occupies for as long as they take to start: with more, most of the
   * bill would be for starting.
   *
   * @param values to read, timestamps included
   * @return 1 or more
   */
  public static int worthwhileWorkers(double values) {
    double work = values / EXTRACTED_VALUES_PER_SECOND;
    return Math.max(1, (int) Math.ceil(work / WORKER_START_SECONDS));
  }

  Usage extract() {
    double work = SIZE.values() / EXTRACTED_VALUES_PER_SECOND;
    return Usage.storageRead(SIZE.warehouseBytes())
        .plus(Usage.calls(EXTRACT_WRITES * SIZE.checkpoints(), EXTRACT_READS * SIZE.checkpoints()))
        .plus(Usage.stored(SIZE.fileBytes(), CHECKPOINT_DAYS))
        .plus(
            extraction instanceof Jobs jobs
                ? jobs(jobs.workers, jobs.jobs, work)
                    .plus(
                        PricedItem.DATAFLOW_SHUFFLE,
                        SHUFFLE_BILLED * SIZE.warehouseBytes() / BYTES_PER_GB)
                : EXTRACT_HERE.running(work / EXTRACT_HERE.vcpus));
  }

  Usage merge() {
    double work = SIZE.fileBytes() / MERGED_BYTES_PER_SECOND;
    return Usage.calls(MERGE_WRITES, MERGE_READS * SIZE.checkpoints())
        .plus(Usage.stored(SIZE.fileBytes(), TRAINING_DAYS))
        .plus(
            switch (mergeMethod) {
              case BEAM -> jobs(MERGE_WORKERS, 1, work);
              case COMPOSE -> MERGE_HERE.running(COMPOSE_SECONDS);
              case BIGQUERY ->
                  MERGE_HERE.running(work).plus(Usage.query(SCANS * SIZE.warehouseBytes()));
              // They read and write every byte in their container.
              case STREAM, DUCKDB, POLARS -> MERGE_HERE.running(work);
            });
  }

  /**
   * Parallel jobs, each with the launcher of its template, and the container that waits for them.
   *
   * @param work seconds of work on one vCPU
   */
  private Usage jobs(int workers, int jobs, double work) {
    WorkerMachine machine = WorkerMachine.of(machineType);
    double working = work / (workers * machine.vcpus());
    double workerSeconds = workers * (WORKER_START_SECONDS + working);
    return Usage.dataflow(
            workerSeconds * machine.vcpus(),
            workerSeconds * machine.memoryGb(),
            workerSeconds * WORKER_DISK_GB,
            0)
        .plus(Usage.launcherVms(jobs * TEMPLATE_START_SECONDS))
        .plus(LAUNCHER.running(TEMPLATE_START_SECONDS + WORKER_START_SECONDS + working));
  }
}
