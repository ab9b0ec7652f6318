package ml.bqx.merge.beam;

import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Progress;
import ml.bqx.merge.JoinCounts;
import ml.bqx.merge.Merge;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;

/** The merge as a Beam pipeline, on the runner that the options name. */
public final class BeamMerge implements Merge {
  /** Checkpoints that have been sliced. */
  static final Counter SLICED = Metrics.counter(BeamMerge.class, "sliced");

  /** Spine rows that an unaligned checkpoint lacks, filled with nulls. */
  static final Counter MISSING = Metrics.counter(BeamMerge.class, "rowsMissing");

  /** Rows of checkpoints whose timestamp is not in the spine. */
  static final Counter OUTSIDE = Metrics.counter(BeamMerge.class, "rowsOutside");

  /** Rows of checkpoints whose timestamp is null. */
  static final Counter WITHOUT_TIMESTAMP = Metrics.counter(BeamMerge.class, "rowsWithoutTimestamp");

  /** Rows of the targets that lack a target. */
  static final Counter INCOMPLETE = Metrics.counter(BeamMerge.class, "incompleteTargets");

  /** Rows of checkpoints that repeat a timestamp, dropped by policy. */
  static final Counter DUPLICATES = Metrics.counter(BeamMerge.class, "duplicates");

  /** Rows whose key is a local time that the clock showed twice. */
  static final Counter REPEATED = Metrics.counter(BeamMerge.class, "repeatedTimes");

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

    PipelineResult result;
    try (Progress progress = Progress.start("merge", "checkpoints", plan.sources().size())) {
      result = PipelineProgress.runAndWait(pipeline, "merge", SLICED, progress::advanceTo);
    }

    return new Published(
        new JoinCounts(
            PipelineProgress.count(result, MISSING),
            PipelineProgress.count(result, OUTSIDE),
            PipelineProgress.count(result, WITHOUT_TIMESTAMP),
            PipelineProgress.count(result, DUPLICATES),
            PipelineProgress.count(result, INCOMPLETE),
            PipelineProgress.count(result, REPEATED)));
  }
}
