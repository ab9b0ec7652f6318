package ml.bqx;

import java.io.IOException;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.Merge;
import ml.bqx.merge.MergeRun;
import ml.bqx.merge.beam.BeamMerge;
import ml.bqx.merge.bigquery.BigQueryMerge;
import ml.bqx.merge.compose.ComposeMerge;
import ml.bqx.merge.engine.DuckDbMerge;
import ml.bqx.merge.engine.PolarsMerge;
import ml.bqx.merge.stream.StreamMerge;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.MergeMethod;
import ml.bqx.options.MergeOptions;
import ml.bqx.storage.Storage;

/** Joins the checkpoints of one pair on the timestamp to one wide training file. */
public final class MergePipeline {
  static final Command<MergeOptions> COMMAND =
      new Command<>(
          "merge",
          "Merges one pair's checkpoints to one wide Parquet training file.",
          MergeOptions.class);

  private MergePipeline() {}

  /** Runs the merge; {@code --help} lists the options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, MergeConfig::from, MergePipeline::merge);
  }

  private static void merge(MergeOptions options, MergeConfig config) throws IOException {
    Storage storage = CommandStorage.of(options, config.isOnThisMachine());
    MergeRun.run(storage, config, method(config.mergeMethod(), options));
  }

  /** Maps each method to its class; only this place knows the classes. */
  private static Merge.Factory method(MergeMethod method, MergeOptions options) {
    return switch (method) {
      case BEAM -> (plan, workspace) -> new BeamMerge(plan, workspace, BeamOptions.of(options));
      case STREAM -> StreamMerge::new;
      case COMPOSE -> ComposeMerge::new;
      case DUCKDB -> DuckDbMerge::new;
      case POLARS -> PolarsMerge::new;
      case BIGQUERY -> (plan, workspace) -> new BigQueryMerge(plan, workspace, options);
    };
  }
}
