package ml.bqx;

import java.util.Locale;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleConfig;
import ml.bqx.sample.SampleOptions;
import ml.bqx.sample.SampleWarehouse;

/** Creates an embedded warehouse that looks like the real one. */
public final class SampleWarehouseMain {
  static final Command<SampleOptions> COMMAND =
      new Command<>(
          "sample",
          "Creates an embedded DuckDB warehouse that looks like the real one, for trials.",
          SampleOptions.class);

  private SampleWarehouseMain() {}

  /** Runs the command {@code sample}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, SampleConfig::from, SampleWarehouseMain::sample);
  }

  private static void sample(SampleOptions options, SampleConfig config) {
    long start = System.nanoTime();
    SampleWarehouse warehouse = new SampleWarehouse(config);
    Sample sample;
    try (Progress progress =
        Progress.start("sample " + config.pair(), "tables", warehouse.tables())) {
      sample = warehouse.create(progress::advanceTo);
    }

    Summary summary =
        new Summary("sample of " + config.pair())
            .count("rows of the spine", config.minutes())
            .count("rows kept", sample.kept())
            .count("feature groups", sample.groups())
            .count("features", sample.features())
            .count("targets", sample.targets())
            .count("tables", sample.tables())
            .count("rows of all tables", sample.rows());
    sample
        .defects()
        .forEach((defect, table) -> summary.add(defect.name().toLowerCase(Locale.ROOT), table));
    summary
        .bytes("size", sample.bytes())
        .secondsSince("seconds", start)
        .add("file", sample.file())
        .print(System.out);
  }
}
