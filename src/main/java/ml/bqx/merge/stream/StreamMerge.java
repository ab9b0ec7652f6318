package ml.bqx.merge.stream;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.cli.Progress;
import ml.bqx.merge.Merge;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.training.JoinCounts;

/**
 * The merge in one process, straight into the file: chunks of aligned checkpoints are copied, the
 * others decoded, gathered and encoded.
 */
public final class StreamMerge implements Merge {
  private final PlannedMerge merge;
  private final Workspace workspace;

  /** Prepares the merge. */
  public StreamMerge(MergePlan plan, Workspace workspace) throws IOException {
    this.merge = PlannedMerge.of(plan);
    this.workspace = workspace;
  }

  @Override
  public Result run() throws IOException {
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = merge.progress();
        TrainingFileWriter file = TrainingFileWriter.create(merge, workspace.trainingFile())) {
      JoinCounts counts =
          file.writeCheckpoints(
              merge.plan().sources(), () -> progress.advanceTo(done.incrementAndGet()));
      return file.finish(counts);
    }
  }
}
