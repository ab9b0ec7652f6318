package ml.bqx;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.options.Checks;
import ml.bqx.options.EmbeddedFile;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleConfig;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.SampleOptions;
import ml.bqx.sample.SampleWarehouse;

/** Makes an embedded warehouse that looks like the real one. */
public final class SampleWarehouseMain {
  static final Command<SampleOptions> COMMAND =
      new Command<>(
          "sample",
          "Makes an embedded DuckDB warehouse that looks like the real one, to try things with.",
          SampleOptions.class);

  private SampleWarehouseMain() {}

  /** Runs the command {@code sample}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, SampleWarehouseMain::config, SampleWarehouseMain::sample);
  }

  /**
   * Validates the options.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each option that is wrong
   */
  static SampleConfig config(SampleOptions options) {
    Checks checks = new Checks();
    Pair pair = checks.pair(options.getPair());
    EmbeddedFile warehouse = checks.embeddedFile(options.getWarehouse());
    int minutes = checks.atLeast("minutes", 1, options.getMinutes());
    LocalDate start = checks.requiredDate("startDate", options.getStartDate());
    KnownLayout size = checks.choice("size", KnownLayout.class, options.getSize());
    Set<SampleDefect> defects = checks.choices("defects", SampleDefect.class, options.getDefects());
    String tables = checks.glob("tables", options.getTables());
    checks.throwIfAny();

    return new SampleConfig(
        warehouse.path(),
        pair,
        minutes,
        start.atStartOfDay().toInstant(ZoneOffset.UTC),
        options.getSeed(),
        size,
        defects,
        tables);
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
