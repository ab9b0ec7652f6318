package ml.bqx;

import java.io.IOException;
import ml.bqx.merge.BeamMerge;
import ml.bqx.merge.TrainingMerge;
import ml.bqx.options.MergeConfig;
import ml.bqx.options.MergeOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;

/** Joins the checkpoints of one pair on the timestamp to one wide training file. */
public final class MergePipeline {
  private MergePipeline() {}

  /** Runs the merge; {@code --help} tells the options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(
        "merge",
        "Merges one pair's checkpoints to one wide Parquet training file.",
        MergeOptions.class,
        args,
        MergeConfig::from,
        MergePipeline::merge);
  }

  private static void merge(MergeOptions options, MergeConfig config) throws IOException {
    long start = System.nanoTime();
    FileSystems.setDefaultPipelineOptions(options);
    TrainingMerge merge = TrainingMerge.plan(config);
    PipelineResult result;
    try {
      Pipeline pipeline = Pipeline.create(options);
      pipeline.apply("Merge " + config.pair(), merge.beam());
      result =
          PipelineProgress.runAndWait(
              pipeline, "merge", "checkpoints", BeamMerge.SLICED, merge.checkpoints());
    } finally {
      merge.cleanUp();
    }

    TrainingMerge.Published file = merge.published();
    new Summary("merged " + config.pair())
        .count("rows", file.rows())
        .count("features", merge.features())
        .count("targets", merge.targets())
        .count("checkpoints", merge.checkpoints())
        .add(
            "rows left out",
            "%,d not in the spine, %,d duplicates"
                .formatted(
                    PipelineProgress.count(result, BeamMerge.DROPPED),
                    PipelineProgress.count(result, BeamMerge.DUPLICATES)))
        .count("row groups", file.rowGroups())
        .bytes("size", file.bytes())
        .secondsSince("seconds", start)
        .add("lies in", config.trainingFile())
        .print(System.out);
  }
}
