package ml.bqx.merge;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import ml.bqx.checkpoint.Spine;
import ml.bqx.cli.Progress;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.storage.Storage;

/** A plan with its spine: all that a worker needs to know of a merge. */
public record PlannedMerge(MergePlan plan, Spine spine) implements Serializable {
  /**
   * Reads the spine of a plan.
   *
   * @throws InvalidInputException when it has no rows, or fewer than asked for, or when the
   *     training file would have more column chunks than this process can hold
   */
  public static PlannedMerge of(MergePlan plan) throws IOException {
    long minRows = plan.config().minRows();
    try (SourceTable targets = SourceTable.open(plan.storage(), plan.targets())) {
      Spine spine = targets.spine();
      if (spine.rows() == 0) {
        throw new InvalidInputException(
            "Cannot merge %s: none of its %,d rows has a timestamp and all targets%s; drop such columns when writing the file, or wait for the rows"
                .formatted(plan.targets().files().get(0), targets.rows(), targets.nullsInWords()));
      } else if (spine.rows() < minRows) {
        throw new InvalidInputException(
            "Cannot merge: %s has %,d rows with all targets, --minRows=%d requires more"
                .formatted(plan.targets().files().get(0), spine.rows(), minRows));
      }

      PlannedMerge merge = new PlannedMerge(plan, spine);
      FooterMemory.check(merge, Runtime.getRuntime().maxMemory());
      return merge;
    }
  }

  public Storage storage() {
    return plan.storage();
  }

  public MergeConfig config() {
    return plan.config();
  }

  public BlockLayout blocks() {
    return new BlockLayout(spine.rows(), config().rowGroupRows());
  }

  /** The key column of a row block. */
  public Longs key(int block) {
    BlockLayout blocks = blocks();
    long[] timestamps = spine.timestamps();
    return new Longs(Arrays.copyOfRange(timestamps, blocks.from(block), blocks.to(block)), null);
  }

  public TrainingFile trainingFile() {
    return new TrainingFile(this);
  }

  /** Whether a source determines the spine: its rows with a null in any column are left out. */
  public boolean isTargets(SourcePlan source) {
    return source.equals(plan.targets());
  }

  /** A slicer of checkpoints, for one thread. */
  public SourceSlicer slicer() {
    return slicer(config().onDuplicate());
  }

  /** A slicer for one thread with its own policy for repeated timestamps. */
  public SourceSlicer slicer(DuplicatePolicy onDuplicate) {
    return new SourceSlicer(this, onDuplicate);
  }

  /** Shows how many checkpoints are done. */
  public Progress progress() {
    return Progress.start("merge", "checkpoints", plan.sources().size());
  }
}
