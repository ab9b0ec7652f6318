package ml.bqx.sample;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;

/**
 * What kind of sample warehouse to make. The same values, but for the file, give the same content.
 *
 * @param file the DuckDB file to make; one that is there is replaced
 * @param pair whose tables it holds
 * @param minutes rows of the spine: the rows whose targets are known
 * @param start the first timestamp, a whole minute
 * @param seed another seed gives other prices
 * @param size how many features the tables have
 * @param defects what shall be wrong with it
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
  /** A Monday, so that a week of minutes looks like one. */
  private static final Instant DEFAULT_START = Instant.parse("2024-01-01T00:00:00Z");

  public SampleConfig {
    defects = Set.copyOf(defects);
    if (minutes < 1) {
      throw new IllegalArgumentException(
          "Cannot make a sample of %d minutes (expected 1 or more)".formatted(minutes));
    }
  }

  /** All tables at seed size, without defects. */
  public static SampleConfig of(Path file, Pair pair, int minutes) {
    return new SampleConfig(file, pair, minutes, DEFAULT_START, 1, KnownLayout.SEED, Set.of(), "*");
  }

  /** The same with another first timestamp. */
  public SampleConfig withStart(Instant newStart) {
    return new SampleConfig(file, pair, minutes, newStart, seed, size, defects, tables);
  }

  /** The same with other prices. */
  public SampleConfig withSeed(long newSeed) {
    return new SampleConfig(file, pair, minutes, start, newSeed, size, defects, tables);
  }

  /** The same with another number of features. */
  public SampleConfig withSize(KnownLayout newSize) {
    return new SampleConfig(file, pair, minutes, start, seed, newSize, defects, tables);
  }

  /** The same with these defects and no others. */
  public SampleConfig withDefects(SampleDefect... newDefects) {
    return new SampleConfig(file, pair, minutes, start, seed, size, Set.of(newDefects), tables);
  }

  /** The same with a part of the feature tables. */
  public SampleConfig withTables(String newTables) {
    return new SampleConfig(file, pair, minutes, start, seed, size, defects, newTables);
  }
}
