package ml.bqx;

import java.io.IOException;
import java.util.function.LongConsumer;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.merge.JoinCounts;
import ml.bqx.merge.beam.BeamMerge;
import ml.bqx.merge.bigquery.BigQueryMerge;
import ml.bqx.options.MergeConfig;
import ml.bqx.options.MergeMethod;
import ml.bqx.options.MergeOptions;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;

/** Joins the checkpoints of one pair on the timestamp to one wide training file. */
public final class MergePipeline {
  static final Command<MergeOptions> COMMAND =
      new Command<>(
          "merge",
          "Merges one pair's checkpoints to one wide Parquet training file.",
          MergeOptions.class);

  private MergePipeline() {}

  /** Runs the merge; {@code --help} tells the options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, MergeConfig::from, MergePipeline::merge);
  }

  private static void merge(MergeOptions options, MergeConfig config) throws IOException {
    long start = System.nanoTime();
    FileSystems.setDefaultPipelineOptions(options);
    TrainingMerge merge = TrainingMerge.plan(Storage.of(options), config, options);
    if (config.mergeMethod() == MergeMethod.BEAM && PipelineProgress.isSubmitOnly(options)) {
      PipelineProgress.submit(pipeline(options, config, merge), "merge " + config.pair());

      return;
    }

    JoinCounts counts;
    try {
      counts =
          switch (config.mergeMethod()) {
            case BEAM -> beam(options, config, merge);
            case STREAM -> here(merge, merge::stream);
            case COMPOSE -> here(merge, merge::compose);
            case DUCKDB -> here(merge, merge::duckdb);
            case POLARS -> here(merge, merge::polars);
            case BIGQUERY -> bigQuery(merge);
          };
    } finally {
      merge.cleanUp();
    }

    TrainingMerge.Published file = merge.published();
    new Summary("merged " + config.pair())
        .add("method", config.mergeMethod())
        .count("rows", file.rows())
        .count("features", merge.features())
        .count("targets", merge.targets())
        .count("checkpoints", merge.checkpoints())
        .count("rows filled with nulls", counts.missing())
        .add(
            "rows dropped",
            "%,d without a place in the spine, %,d duplicates"
                .formatted(counts.dropped(), counts.duplicates()))
        .count("row groups", file.rowGroups())
        .bytes("size", file.bytes())
        .secondsSince("seconds", start)
        .add("lies in", config.trainingFile())
        .print(System.out);
  }

  private static Pipeline pipeline(MergeOptions options, MergeConfig config, TrainingMerge merge) {
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("Merge " + config.pair(), merge.beam());

    return pipeline;
  }

  private static JoinCounts beam(MergeOptions options, MergeConfig config, TrainingMerge merge) {
    PipelineResult result =
        PipelineProgress.runAndWait(
            pipeline(options, config, merge),
            "merge",
            "checkpoints",
            BeamMerge.SLICED,
            merge.checkpoints());
    return new JoinCounts(
        PipelineProgress.count(result, BeamMerge.MISSING),
        PipelineProgress.count(result, BeamMerge.DROPPED),
        PipelineProgress.count(result, BeamMerge.DUPLICATES));
  }

  private static JoinCounts bigQuery(TrainingMerge merge) throws IOException {
    try (BigQueryMerge method = merge.bigQuery()) {
      System.out.println("plan of bigquery");
      method.plan().forEach(line -> System.out.println("  " + line));
      try (Progress progress = Progress.start("merge", "steps", method.steps())) {
        return merge.run(method, progress::advanceTo);
      } finally {
        new Summary("billed by bigquery")
            .bytes("bytes billed", method.bytesBilled())
            .count("jobs repeated", method.repeatedJobs())
            .print(System.out);
      }
    }
  }

  /** A method that needs no pipeline. */
  private interface LocalMethod {
    JoinCounts run(LongConsumer progress) throws IOException;
  }

  private static JoinCounts here(TrainingMerge merge, LocalMethod method) throws IOException {
    // Also when a signal ends this process, half a training file must not stay behind.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(merge)));
    try (Progress progress = Progress.start("merge", "checkpoints", merge.checkpoints())) {
      return method.run(progress::advanceTo);
    }
  }

  private static void cleanUp(TrainingMerge merge) {
    try {
      merge.cleanUp();
    } catch (IOException e) {
      System.err.println("Cannot clean up: " + e.getMessage());
    }
  }
}
