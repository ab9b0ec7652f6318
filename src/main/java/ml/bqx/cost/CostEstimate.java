package ml.bqx.cost;

import ml.bqx.options.MergeMethod;

/**
 * Estimated cost of a pair from the warehouse to the training file, from {@link PairSize} and the
 * rates below: rates of the work were measured on one machine ({@code make bench}), those of the
 * cloud are assumed.
 *
 * @param extraction how the feature groups are read from the warehouse
 * @param mergeMethod how the checkpoints are joined
 * @param workers of all jobs
 * @param checkpoints how long they are kept
 */
public record CostEstimate(
    Extraction extraction, MergeMethod mergeMethod, Workers workers, Keeping checkpoints) {
  /** Days of a month, for which a training file is kept. */
  static final int TRAINING_DAYS = 30;

  /**
   * Values that a vCPU extracts in a second. Recorded responses of BigQuery gave 2.9 million, the
   * start of the JVM included (645 MB of them in 27.8 s on one core, see {@code bench/README.md});
   * the rest is for network and encryption.
   */
  private static final double EXTRACTED_VALUES_PER_SECOND = 2_500_000;

  /**
   * Seconds until BigQuery has opened a table and sent its first rows. A worker of Dataflow reads
   * one table per vCPU at a time, and waits; a container reads 25 at a time. Assumed.
   */
  private static final double SECONDS_PER_TABLE = 1;

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
   * Calls for a checkpoint while it is extracted: its upload, the copy that gives it its name, and
   * its commit record.
   */
  public static final int EXTRACT_WRITES = 3;

  /** The cheaper calls for a checkpoint while it is extracted: reads of data and metadata. */
  public static final int EXTRACT_READS = 13;

  /** The cheaper calls for a checkpoint while it is merged, where only footers are read. */
  public static final int COMPOSE_READS = 3;

  /** The same, where one reader takes all of it, in pieces of 8 MiB. */
  public static final int MERGE_READS = 4;

  /** The same, where its row groups are read each by a worker. */
  private static final int BEAM_READS = 14;

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
  public record Jobs(int workers, int jobs) implements Extraction {
    /** As the launcher chooses them for a full pair. */
    public static Jobs forFullPair() {
      return new Jobs(worthwhileWorkers(SIZE.values()), 1);
    }
  }

  /** In the container of a Cloud Run job. */
  public record Here() implements Extraction {}

  /** How long checkpoints are kept. */
  public enum Keeping {
    /** For the next extraction, which reads only what has changed: for a month of the bill. */
    KEPT(30),

    /**
     * Until their training file is published: {@code --deleteCheckpoints}. Deleted objects are kept
     * for a day.
     */
    UNTIL_MERGED(1);

    private final int days;

    Keeping(int days) {
      this.days = days;
    }

    /** For how many days they are paid. */
    public int days() {
      return days;
    }
  }

  /** Dataflow's default machines, started at once, and checkpoints that are kept. */
  public static CostEstimate of(Extraction extraction, MergeMethod mergeMethod) {
    return new CostEstimate(extraction, mergeMethod, Workers.DEFAULT, Keeping.KEPT);
  }

  /** What extraction and merge cost, without the storage of files, in US dollars. */
  double work() {
    return extract().plus(merge()).dollars();
  }

  /** The estimate as a table. */
  public CostTable table() {
    String where =
        extraction instanceof Jobs jobs
            ? "%d Dataflow %s, %d workers in total"
                .formatted(jobs.jobs, jobs.jobs == 1 ? "job" : "jobs", jobs.workers)
            : "in its own container";
    return new CostTable("estimated cost of a pair, in US dollars")
        .add("extract, " + where, extract())
        .add("merge, " + mergeMethod, merge())
        .add(
            "storage of checkpoints for %d and of the training file for %d days"
                .formatted(checkpoints.days, TRAINING_DAYS),
            storage())
        .note(
            "For a pair with %,d rows, %,d columns and %,d checkpoints."
                .formatted(SIZE.rows(), SIZE.columns(), SIZE.checkpoints()))
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
        .plus(
            extraction instanceof Jobs jobs
                ? jobs(jobs.workers, jobs.jobs, work + SECONDS_PER_TABLE * SIZE.checkpoints())
                : EXTRACT_HERE.running(work / EXTRACT_HERE.vcpus));
  }

  Usage merge() {
    double work = SIZE.fileBytes() / MERGED_BYTES_PER_SECOND;
    int reads =
        switch (mergeMethod) {
          case BEAM -> BEAM_READS;
          case COMPOSE, BIGQUERY -> COMPOSE_READS;
          case STREAM, DUCKDB, POLARS -> MERGE_READS;
        };
    return Usage.calls(MERGE_WRITES, reads * SIZE.checkpoints())
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

  Usage storage() {
    return Usage.stored(SIZE.fileBytes(), checkpoints.days)
        .plus(Usage.stored(SIZE.fileBytes(), TRAINING_DAYS));
  }

  /**
   * Parallel jobs, each with the launcher of its template, and the container that waits for them.
   *
   * @param work seconds of work on one vCPU, and of waiting
   */
  private Usage jobs(int count, int jobs, double work) {
    WorkerMachine machine = workers.machine();
    double working = work / (count * machine.vcpus());
    double workerSeconds = count * (WORKER_START_SECONDS + working);
    return workers
        .billed(
            Usage.dataflow(
                workerSeconds * machine.vcpus(),
                workerSeconds * machine.memoryGb(),
                workerSeconds * WORKER_DISK_GB,
                0))
        .plus(Usage.launcherVms(jobs * TEMPLATE_START_SECONDS))
        .plus(LAUNCHER.running(TEMPLATE_START_SECONDS + WORKER_START_SECONDS + working));
  }
}
