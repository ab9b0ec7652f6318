package ml.bqx.sample;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.DateRange;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.failure.InvalidInputException;

/**
 * What kind of sample warehouse to make. The same values, but for the file, give the same content.
 *
 * @param file the DuckDB file to make; one that is there is replaced, or grows
 * @param pair whose tables it holds
 * @param minutes rows of the spine: the rows whose targets are known
 * @param start the first timestamp, a whole minute
 * @param seed another seed gives other prices
 * @param size how many features the tables have
 * @param defects defects to build in
 * @param tables a glob over the names of the feature tables, to make a part of them only
 */
public record SampleConfig(
    Path file,
    Pair pair,
    int minutes,
    Instant start,
    long seed,
    KnownLayout size,
    Set<SampleDefect> defects,
    String tables) {
  public SampleConfig {
    defects = Set.copyOf(defects);
    if (minutes < 1) {
      throw new IllegalArgumentException(
          "Cannot create a sample of %d minutes (expected 1 or more)".formatted(minutes));
    }
  }

  SampleConfig withMinutes(int other) {
    return new SampleConfig(file, pair, other, start, seed, size, defects, tables);
  }

  /**
   * Validates the options.
   *
   * @throws InvalidInputException with each option that is wrong
   */
  public static SampleConfig from(SampleOptions options) {
    Checks checks = new Checks();
    Pair pair = checks.pair(options.getPair());
    EmbeddedFile warehouse = checks.embeddedFile(options.getWarehouse());
    int minutes = checks.atLeast("minutes", 1, options.getMinutes());
    LocalDate start =
        checks.required("startDate", options.getStartDate(), "yyyy-mm-dd", DateRange::parseDay);
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
}
