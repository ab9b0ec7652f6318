package ml.bqx;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ml.bqx.checkpoint.Json;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.NativeLibraries;
import ml.bqx.cli.Summary;
import ml.bqx.cli.TextTable;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.quality.diff.DiffConfig;
import ml.bqx.quality.diff.DiffOptions;
import ml.bqx.quality.diff.SetDifference;
import ml.bqx.quality.diff.SetDifference.ColumnDifference;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;
import ml.bqx.verify.TrainingComparison;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Compares two training sets: two extractions, two training files, two pairs. */
public final class DiffSets {
  static final Command<DiffOptions> COMMAND =
      new Command<>(
          "diff",
          "Compares two training sets by their statistics: columns that came, went or changed their"
              + " type, rows, nulls, and how far values have moved.",
          DiffOptions.class,
          List.of("before", "after"));

  /** Names of columns that a line of the summary shows. */
  private static final int SHOWN_NAMES = 5;

  private DiffSets() {}

  /** Runs the command {@code diff}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    String[] options = args.clone();
    if (options.length > 1 && !options[0].startsWith("-") && !options[1].startsWith("-")) {
      options[0] = "--before=" + options[0];
      options[1] = "--after=" + options[1];
    }

    return CommandLine.run(COMMAND, options, DiffConfig::from, DiffSets::diff);
  }

  private static void diff(DiffOptions options, DiffConfig config) throws IOException {
    long start = System.nanoTime();
    NativeLibraries.load();
    Storage storage = CommandStorage.of(options, config.isOnThisMachine());
    if (config.bits()) {
      compareBits(storage, config);
      return;
    }

    SetDifference difference =
        SetDifference.of(
            QualitySource.of(storage, config.before()), QualitySource.of(storage, config.after()));
    summary(difference).secondsSince("seconds", start).print(System.out);
    if (config.top() > 0 && !difference.changed().isEmpty()) {
      System.out.print(table(difference, config.top()));
    }

    Optional<String> json = config.json();
    if (json.isPresent()) {
      Storage.local().write(json.get(), Json.bytes(difference));
    }
  }

  private static void compareBits(Storage storage, DiffConfig config) throws IOException {
    TrainingComparison comparison = TrainingComparison.of(storage, config.before(), config.after());
    if (!comparison.differences().isEmpty()) {
      throw new InvalidInputException(
          "%s differs from %s".formatted(config.after(), config.before()),
          comparison.differences());
    }

    System.out.printf(
        Locale.ROOT, "equal: %,d rows, %,d columns%n", comparison.rows(), comparison.columns());
  }

  private static Summary summary(SetDifference difference) {
    SetDifference.Side before = difference.before();
    SetDifference.Side after = difference.after();
    return new Summary("compared %s with %s".formatted(after.location(), before.location()))
        .add("rows", "%,d -> %,d".formatted(before.rows(), after.rows()))
        .add("first row", before.first() + " -> " + after.first())
        .add("last row", before.last() + " -> " + after.last())
        .add("columns", "%,d -> %,d".formatted(before.columns(), after.columns()))
        .add("columns that came", names(difference.came()))
        .add("columns that went", names(difference.went()))
        .add(
            "columns of another type",
            names(difference.retyped().stream().map(ColumnDifference::name).toList()))
        .count("columns equal in every row", difference.equal())
        .count("columns with other values", difference.changed().size());
  }

  private static String names(List<String> names) {
    return names.isEmpty()
        ? "0"
        : "%,d (%s)".formatted(names.size(), Listing.inWords(names, SHOWN_NAMES));
  }

  private static TextTable table(SetDifference difference, int top) {
    TextTable table = new TextTable("lrrrrrr");
    table.row("column", "PSI", "KS", "nulls %", "-> %", "mean", "->");
    for (ColumnDifference column : difference.changed().stream().limit(top).toList()) {
      table.row(
          column.name(),
          column.drift() == null ? "" : "%.3f".formatted(column.drift().psi()),
          column.drift() == null ? "" : "%.3f".formatted(column.drift().ks()),
          "%.2f".formatted(100 * column.nullsBefore()),
          "%.2f".formatted(100 * column.nullsAfter()),
          number(column.meanBefore()),
          number(column.meanAfter()));
    }

    return table;
  }

  private static String number(@Nullable Double value) {
    return value == null ? "" : "%.6g".formatted(value);
  }
}
