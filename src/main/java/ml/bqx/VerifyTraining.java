package ml.bqx;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.UnsupportedTypePolicy;
import ml.bqx.verify.VerifyConfig;
import ml.bqx.verify.VerifyOptions;
import ml.bqx.verify.WarehouseCheck;
import ml.bqx.verify.WarehouseComparison;
import ml.bqx.verify.WarehouseComparison.Difference;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;

/** Compares a training file with the warehouse that it comes from. */
public final class VerifyTraining {
  static final Command<VerifyOptions> COMMAND =
      new Command<>(
          "verify",
          "Compares a training file with its warehouse: rows, timestamps, columns, and for each"
              + " column the number of values and their checksum, all computed by DuckDB.",
          VerifyOptions.class);

  private VerifyTraining() {}

  /** Runs the command {@code verify}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, VerifyConfig::from, VerifyTraining::verify);
  }

  private static void verify(VerifyOptions options, VerifyConfig config) {
    long start = System.nanoTime();
    if (!Files.isRegularFile(Path.of(config.trainingFile()))) {
      throw new InvalidInputException(
          "Cannot verify the training file: no such file (%s)".formatted(config.trainingFile()));
    }

    WarehouseComparison comparison = compare(config);
    if (!comparison.same()) {
      throw new InvalidInputException(
          "Verification failed: training file differs from the warehouse (%s)"
              .formatted(config.trainingFile()),
          comparison.differences().stream().map(Difference::toString).toList());
    }

    new Summary("verified " + config.pair() + ": training file matches the warehouse")
        .count("rows", comparison.rows())
        .count("columns", comparison.columns())
        .count("columns not chosen", comparison.notChosen())
        .secondsSince("seconds", start)
        .add("file", config.trainingFile())
        .print(System.out);
  }

  private static WarehouseComparison compare(VerifyConfig config) {
    Catalog catalog;
    TimeRange range;
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(config.warehouse().path())) {
      catalog =
          warehouse.catalog(
              config.pair(),
              config.featuresDataset(),
              config.analyticsDataset(),
              config.groups(),
              UnsupportedTypePolicy.DOUBLE);
      range = range(config, warehouse, catalog.targets());
    }

    try (Progress progress = Progress.start("verify", "tables", catalog.all().size())) {
      return WarehouseCheck.compare(
          config.warehouse().path(), catalog, range, config.trainingFile(), progress::advanceTo);
    }
  }

  /** The timestamps that were extracted; a limit ends them at the last row of the spine. */
  private static TimeRange range(
      VerifyConfig config, DuckDbWarehouse warehouse, FeatureGroup targets) {
    TimeRange dates =
        new TimeRange(config.dates().firstMicrosecond(), config.dates().endMicrosecond());
    if (config.limit() == 0) {
      return dates;
    }

    long[] timestamps =
        warehouse.read(targets.table(), targets.columns(), dates).complete(dates).timestamps();
    return Spine.of(timestamps, config.limit()).range();
  }
}
