package ml.bqx.merge.beam;

import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Progress;
import ml.bqx.merge.Merge;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;

/** The merge as a Beam pipeline, on the runner that the options name. */
public final class BeamMerge implements Merge {
  /** Checkpoints that have been sliced. */
  static final Counter SLICED = Metrics.counter(BeamMerge.class, "sliced");

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

  @Override
  public Result run() {
    Pipeline pipeline = Pipeline.create(options);
    boolean submitOnly = PipelineProgress.isSubmitOnly(options);
    pipeline.apply(
        "Merge " + plan.config().pair(), new BlockJoin(plan, workspace.directory(), submitOnly));
    if (submitOnly) {
      PipelineProgress.submit(pipeline, "merge " + plan.config().pair());
      return new Submitted();
    }

    try (Progress progress = Progress.start("merge", "checkpoints", plan.sources().size())) {
      PipelineProgress.runAndWait(pipeline, "merge", SLICED, progress::advanceTo);
    }

    return new Published();
  }
}
