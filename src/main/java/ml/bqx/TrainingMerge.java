package ml.bqx;

import com.google.common.base.StandardSystemProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.LongConsumer;
import ml.bqx.merge.ComposeMerge;
import ml.bqx.merge.JoinCounts;
import ml.bqx.merge.MergePlan;
import ml.bqx.merge.MergePlanner;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.StreamMerge;
import ml.bqx.merge.TrainingFile;
import ml.bqx.merge.beam.BeamMerge;
import ml.bqx.merge.bigquery.BigQueryMerge;
import ml.bqx.merge.engine.DuckDbMerge;
import ml.bqx.merge.engine.PolarsMerge;
import ml.bqx.options.MergeConfig;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One merge from plan to published file; the mains only choose how it runs. */
public final class TrainingMerge {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingMerge.class);

  private final Storage storage;
  private final MergeConfig config;
  private final MergePlan plan;
  private final PipelineOptions options;
  private final String temporaryDirectory;
  private boolean cleanedUp;

  private TrainingMerge(
      Storage storage, MergeConfig config, MergePlan plan, PipelineOptions options) {
    this.storage = storage;
    this.config = config;
    this.options = options;
    this.plan = plan;
    this.temporaryDirectory = TrainingFile.temporaryDirectory(config, UUID.randomUUID().toString());
  }

  /**
   * Plans the merge: finds the checkpoints, reads their footers, checks what is expected of them.
   *
   * @param options credentials and endpoint of an object store, for {@link #compose}
   * @throws ml.bqx.failure.InvalidInputException when they do not make a training file
   */
  public static TrainingMerge plan(Storage storage, MergeConfig config, PipelineOptions options)
      throws IOException {
    MergePlan plan = MergePlanner.plan(storage, config);
    storage.checkWritable(config.output());
    TrainingMerge merge = new TrainingMerge(storage, config, plan, options);
    storage.createDirectory(merge.temporaryDirectory);

    return merge;
  }

  /** The merge as a pipeline. */
  public BeamMerge beam() {
    return BeamMerge.of(storage, config, plan, temporaryDirectory);
  }

  /**
   * Merges with {@code stream}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts stream(LongConsumer progress) throws IOException {
    return StreamMerge.run(PlannedMerge.of(storage, config, plan), temporaryFile(), progress);
  }

  /**
   * Merges with {@code compose}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts compose(LongConsumer progress) throws IOException {
    return ComposeMerge.run(PlannedMerge.of(storage, config, plan), temporaryFile(), progress);
  }

  /**
   * Merges with {@code duckdb}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts duckdb(LongConsumer progress) throws IOException {
    return DuckDbMerge.run(
        PlannedMerge.of(storage, config, plan), temporaryFile(), spillParent(), progress);
  }

  /**
   * Merges with {@code polars}, in a Python interpreter of this machine.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts polars(LongConsumer progress) throws IOException {
    return PolarsMerge.run(
        PlannedMerge.of(storage, config, plan), temporaryFile(), spillParent(), progress);
  }

  /** Where an engine of this machine may write. */
  private Path spillParent() {
    if (config.engine().spillDirectory() != null) {
      return Path.of(config.engine().spillDirectory());
    }

    return Storage.isLocal(config.output())
        ? Path.of(config.output(), Storage.TEMPORARY)
        : Path.of(StandardSystemProperty.JAVA_IO_TMPDIR.value());
  }

  /** Plans to merge with {@code bigquery}; to be closed when it has run, or failed. */
  public BigQueryMerge bigQuery() throws IOException {
    return BigQueryMerge.of(PlannedMerge.of(storage, config, plan), options);
  }

  /**
   * Merges with {@code bigquery}. When the process is told to stop meanwhile, nothing that costs
   * money stays behind.
   *
   * @param progress is told how many steps are done
   */
  public JoinCounts run(BigQueryMerge method, LongConsumer progress) throws IOException {
    Thread stopped = new Thread(() -> stop(method), "stop");
    Runtime.getRuntime().addShutdownHook(stopped);
    try {
      return method.run(temporaryFile(), progress);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(stopped);
      } catch (IllegalStateException e) {
        LOG.debug("The process is stopping, and the hook at work", e);
      }
    }
  }

  private void stop(BigQueryMerge method) {
    LOG.warn("Stopped: deleting what is temporary");
    try {
      method.close();
      cleanUp();
    } catch (IOException | RuntimeException e) {
      LOG.error("Cannot clean up: {}", e.getMessage());
    }
  }

  private String temporaryFile() {
    return temporaryDirectory + "/training.parquet";
  }

  /** Deletes what a failed merge has left; a second call does nothing. */
  public synchronized void cleanUp() throws IOException {
    if (!cleanedUp) {
      storage.deleteDirectory(temporaryDirectory);
      storage.deleteIfEmpty(TrainingFile.temporaryDirectory(config));
      cleanedUp = true;
    }
  }

  /** Number of checkpoints, the targets' included. */
  public int checkpoints() {
    return plan.sources().size();
  }

  /** Number of features. */
  public int features() {
    return plan.featureCount();
  }

  /** Number of targets. */
  public int targets() {
    return plan.targetCount();
  }

  /**
   * The training file, once it is published.
   *
   * @param rows rows in it
   * @param rowGroups row groups in it
   * @param bytes its size
   */
  public record Published(long rows, int rowGroups, long bytes) {}

  /** Looks at the published file. */
  public Published published() throws IOException {
    try (ParquetFile file = storage.open(config.trainingFile())) {
      return new Published(file.footer().rows(), file.footer().rowGroups(), file.input().length());
    }
  }
}
