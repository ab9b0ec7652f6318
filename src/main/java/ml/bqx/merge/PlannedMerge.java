package ml.bqx.merge;

import java.io.IOException;
import java.io.Serializable;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.MergeConfig;
import ml.bqx.storage.Storage;

/** All that a worker needs to know of a merge. */
public record PlannedMerge(Storage storage, MergeConfig config, MergePlan plan, Spine spine)
    implements Serializable {
  /**
   * Reads the spine of a plan.
   *
   * @throws InvalidInputException when it has no rows, or fewer than asked for
   */
  public static PlannedMerge of(Storage storage, MergeConfig config, MergePlan plan)
      throws IOException {
    try (SourceTable targets = SourceTable.open(storage, plan.targets())) {
      Spine spine = targets.spine();
      if (spine.rows() == 0 || spine.rows() < config.minRows()) {
        throw new InvalidInputException(
            "Cannot merge: %s has %,d rows with all targets, --minRows=%d asks for more"
                .formatted(
                    plan.targets().files().get(0), spine.rows(), Math.max(1, config.minRows())));
      }

      return new PlannedMerge(storage, config, plan, spine);
    }
  }

  public BlockLayout blocks() {
    return new BlockLayout(spine.rows(), config.rowGroupRows());
  }

  public TrainingFile trainingFile() {
    return new TrainingFile(storage, config, plan, spine);
  }

  /** A slicer of checkpoints, for one thread. */
  public SourceSlicer slicer() {
    return slicer(config.onDuplicate());
  }

  /** A slicer for one thread that does with repeated timestamps as it is told. */
  public SourceSlicer slicer(DuplicatePolicy onDuplicate) {
    return new SourceSlicer(
        storage, plan, spine, blocks(), onDuplicate, config.compression().codec());
  }
}
