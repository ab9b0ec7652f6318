package ml.bqx.merge.beam;

import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Progress;
import ml.bqx.merge.Merge;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;

/** The merge as a Beam pipeline, on the runner that the options name. */
public final class BeamMerge implements Merge {
  /** Checkpoints that have been sliced. */
  static final Counter SLICED = Metrics.counter(BeamMerge.class, "sliced");

  /** Threads of the Direct runner by its default, on machines with fewer processors. */
  private static final int LEAST_THREADS = 3;

  private final MergePlan plan;
  private final Workspace workspace;
  private final PipelineOptions options;

  /**
   * Prepares the merge.
   *
   * @param options of the pipeline
   */
  public BeamMerge(MergePlan plan, Workspace workspace, PipelineOptions options) {
    this.plan = plan;
    this.workspace = workspace;
    this.options = options;
  }

  /**
   * Of a thread that has nothing to do the Direct runner makes one that asks all the time whether
   * there is. By default it has three or more; this leaves a processor to that one, unless another
   * number was asked for.
   */
  private static void leaveProcessorToDriver(PipelineOptions options) {
    if (DirectRunner.class.equals(options.getRunner())) {
      DirectOptions direct = options.as(DirectOptions.class);
      int processors = Runtime.getRuntime().availableProcessors();
      if (direct.getTargetParallelism() == Math.max(processors, LEAST_THREADS)) {
        direct.setTargetParallelism(Math.max(1, processors - 1));
      }
    }
  }

  @Override
  public Result run() {
    leaveProcessorToDriver(options);
    Pipeline pipeline = Pipeline.create(options);
    boolean submitOnly = PipelineProgress.isSubmitOnly(options);
    pipeline.apply(
        "Merge " + plan.config().pair(), new BlockJoin(plan, workspace.directory(), submitOnly));
    if (submitOnly) {
      PipelineProgress.submit(pipeline, "merge " + plan.config().pair());
      return new Submitted();
    }

    int checkpoints = plan.sources().size();
    try (Progress progress = Progress.start("merge", "checkpoints", checkpoints)) {
      PipelineProgress.runAndWait(pipeline, "merge", SLICED, progress::advanceTo);
      // Some runners lose what they have counted last.
      progress.advanceTo(checkpoints);
    }

    return new Published();
  }
}
