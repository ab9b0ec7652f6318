package ml.bqx.cost;

/**
 * Estimated usage of a pair, from {@link PairSize} and the rates below: rates of the work were
 * measured on one machine ({@code make bench}), those of the cloud are assumed.
 */
public final class EstimatedUsage {
  /**
   * Values that a vCPU extracts in a second. The embedded warehouse gives 12.6 million (1.27
   * billion values in 101 CPU seconds); rows of BigQuery are decoded one by one and grouped, for
   * which five times the work is assumed.
   */
  private static final double EXTRACTED_VALUES_PER_SECOND = 2_500_000;

  /** Billed time of a worker before and after its work. */
  private static final double WORKER_START_SECONDS = 180;

  /** From the launch of a Flex Template until its job is submitted. */
  private static final double TEMPLATE_START_SECONDS = 300;

  /** Disk of a worker if the shuffle service is used. */
  private static final double WORKER_DISK_GB = 25;

  /** A grouped byte counts twice: written to the shuffle and read from it. */
  private static final double SHUFFLE_PASSES = 2;

  /** The service bills a quarter of a job's first 250 GB. */
  private static final double SHUFFLE_BILLED = 0.25;

  private static final double BYTES_PER_GB = 1e9;

  /** Workers of a merge on Dataflow: its work takes seconds, so more would not pay. */
  private static final int MERGE_WORKERS = 2;

  /**
   * Bytes of training file that a vCPU merges in a second. Locally it is five times as much; a
   * container reads and writes at the speed of its network.
   */
  private static final double MERGED_BYTES_PER_SECOND = 50e6;

  /** Seconds of a merge by compose calls: 22 of them, each for 32 checkpoints, and the footers. */
  private static final double COMPOSE_SECONDS = 60;

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

  /** A launcher's container. */
  private static final Container LAUNCHER = new Container(1, 0.5);

  /** The container of an extraction without Dataflow. */
  private static final Container EXTRACT_HERE = new Container(4, 8);

  /** The container of a merge without Dataflow. */
  private static final Container MERGE_HERE = new Container(1, 2);

  private record Container(int vcpus, double memoryGib) {
    Usage running(double seconds) {
      return Usage.container(seconds, vcpus, memoryGib);
    }
  }

  private EstimatedUsage() {}

  /**
   * An extraction by Dataflow jobs.
   *
   * @param workers of all waves in total
   * @param machineType of a worker; empty for Dataflow's choice
   * @param waves parallel jobs
   * @param days until the lifecycle rule deletes the checkpoints
   */
  public static Usage extractJobs(
      PairSize size, int workers, String machineType, int waves, int days) {
    WorkerMachine machine = WorkerMachine.of(machineType);
    double work = size.values() / EXTRACTED_VALUES_PER_SECOND;
    double shuffled = SHUFFLE_BILLED * SHUFFLE_PASSES * size.warehouseBytes() / BYTES_PER_GB;

    return warehouseAndCheckpoints(size, days)
        .plus(jobs(machine, workers, waves, work))
        .plus(PricedItem.DATAFLOW_SHUFFLE, shuffled);
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

  /** An extraction in the container of a Cloud Run job. */
  public static Usage extractHere(PairSize size, int days) {
    double seconds = size.values() / EXTRACTED_VALUES_PER_SECOND / EXTRACT_HERE.vcpus;

    return warehouseAndCheckpoints(size, days).plus(EXTRACT_HERE.running(seconds));
  }

  /** A merge by a Dataflow job. */
  public static Usage mergeJob(PairSize size, String machineType) {
    double work = size.fileBytes() / MERGED_BYTES_PER_SECOND;

    return trainingFile(size).plus(jobs(WorkerMachine.of(machineType), MERGE_WORKERS, 1, work));
  }

  /** A merge in the container of a Cloud Run job that reads and writes all bytes. */
  public static Usage mergeHere(PairSize size) {
    return trainingFile(size).plus(MERGE_HERE.running(size.fileBytes() / MERGED_BYTES_PER_SECOND));
  }

  /** A merge in the container of a Cloud Run job where Cloud Storage copies the bytes. */
  public static Usage mergeByCompose(PairSize size) {
    return trainingFile(size).plus(MERGE_HERE.running(COMPOSE_SECONDS));
  }

  /**
   * A merge by queries of BigQuery, which a container starts.
   *
   * @param scans how often the queries read the whole set
   */
  public static Usage mergeByQueries(PairSize size, int scans) {
    return mergeHere(size).plus(Usage.query(scans * size.warehouseBytes()));
  }

  private static Usage warehouseAndCheckpoints(PairSize size, int days) {
    return Usage.storageRead(size.warehouseBytes())
        .plus(Usage.calls(EXTRACT_WRITES * size.checkpoints(), EXTRACT_READS * size.checkpoints()))
        .plus(Usage.stored(size.fileBytes(), days));
  }

  /** The training file is kept for a month; most are replaced before. */
  private static Usage trainingFile(PairSize size) {
    return Usage.calls(MERGE_WRITES, MERGE_READS * size.checkpoints())
        .plus(Usage.stored(size.fileBytes(), 30));
  }

  /**
   * Parallel jobs, each with the launcher of its template, and the container that waits for them.
   *
   * @param work seconds of work on one vCPU
   */
  private static Usage jobs(WorkerMachine machine, int workers, int jobs, double work) {
    double working = work / (workers * machine.vcpus());
    double workerSeconds = workers * (WORKER_START_SECONDS + working);
    double waiting = TEMPLATE_START_SECONDS + WORKER_START_SECONDS + working;

    return Usage.dataflow(
            workerSeconds * machine.vcpus(),
            workerSeconds * machine.memoryGb(),
            workerSeconds * WORKER_DISK_GB,
            0)
        .plus(Usage.launcherVms(jobs * TEMPLATE_START_SECONDS))
        .plus(LAUNCHER.running(waiting));
  }
}
