package ml.bqx.merge;

import com.google.common.base.StandardSystemProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.LongConsumer;
import ml.bqx.checkpoint.Storage;
import ml.bqx.options.MergeConfig;
import ml.bqx.parquet.ParquetFile;
import org.apache.beam.sdk.options.PipelineOptions;

/** One merge from plan to published file; the mains only choose how it runs. */
public final class TrainingMerge {
  private final MergeConfig config;
  private final MergePlan plan;
  private final PipelineOptions options;
  private final String temporaryDirectory;

  private TrainingMerge(MergeConfig config, MergePlan plan, PipelineOptions options) {
    this.config = config;
    this.options = options;
    this.plan = plan;
    this.temporaryDirectory = TrainingFile.temporaryDirectory(config, UUID.randomUUID().toString());
  }

  /**
   * Plans the merge: finds the checkpoints, reads their footers, checks what is expected of them.
   *
   * @param options credentials and endpoint of an object store, for {@link #compose}
   * @throws ml.bqx.options.InvalidInputException when they do not make a training file
   */
  public static TrainingMerge plan(MergeConfig config, PipelineOptions options) throws IOException {
    MergePlan plan = MergePlanner.plan(config);
    Storage.checkWritable(config.output());
    return new TrainingMerge(config, plan, options);
  }

  /** The merge as a pipeline. */
  public BeamMerge beam() {
    return BeamMerge.of(config, plan, temporaryDirectory);
  }

  /**
   * Merges with {@code stream}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts stream(LongConsumer progress) throws IOException {
    return StreamMerge.run(PlannedMerge.of(config, plan), temporaryFile(), progress);
  }

  /**
   * Merges with {@code compose}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts compose(LongConsumer progress) throws IOException {
    return ComposeMerge.run(PlannedMerge.of(config, plan), temporaryFile(), options, progress);
  }

  /**
   * Merges with {@code duckdb}, in this process.
   *
   * @param progress is told how many checkpoints are done
   */
  public JoinCounts duckdb(LongConsumer progress) throws IOException {
    return DuckDbMerge.run(PlannedMerge.of(config, plan), temporaryFile(), spillParent(), progress);
  }

  /** Where an engine of this machine may write. */
  private Path spillParent() {
    if (config.engine().spillDirectory() != null) {
      return Path.of(config.engine().spillDirectory());
    }

    return Path.of(
        Storage.isLocal(temporaryDirectory)
            ? temporaryDirectory
            : StandardSystemProperty.JAVA_IO_TMPDIR.value());
  }

  private String temporaryFile() {
    return temporaryDirectory + "/training.parquet";
  }

  /** Deletes what a failed merge has left. */
  public void cleanUp() throws IOException {
    Storage.deleteDirectory(temporaryDirectory);
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
    try (ParquetFile file = Storage.open(config.trainingFile())) {
      return new Published(file.footer().rows(), file.footer().rowGroups(), file.input().length());
    }
  }
}
