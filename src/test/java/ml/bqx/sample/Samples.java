package ml.bqx.sample;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;

/** Samples that differ in little from all tables at seed size without defects. */
public record Samples(SampleConfig config) {
  /** A Monday, so that a week of minutes looks like one. */
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  public static Samples of(Path file, Pair pair, int minutes) {
    return new Samples(
        new SampleConfig(file, pair, minutes, START, 1, KnownLayout.SEED, Set.of(), "*"));
  }

  public Samples withStart(Instant start) {
    return with(start, config.seed(), config.size(), config.defects(), config.tables());
  }

  public Samples withSeed(long seed) {
    return with(config.start(), seed, config.size(), config.defects(), config.tables());
  }

  public Samples withSize(KnownLayout size) {
    return with(config.start(), config.seed(), size, config.defects(), config.tables());
  }

  public Samples withDefects(SampleDefect... defects) {
    return with(config.start(), config.seed(), config.size(), Set.of(defects), config.tables());
  }

  public Samples withTables(String tables) {
    return with(config.start(), config.seed(), config.size(), config.defects(), tables);
  }

  private Samples with(
      Instant start, long seed, KnownLayout size, Set<SampleDefect> defects, String tables) {
    return new Samples(
        new SampleConfig(
            config.file(), config.pair(), config.minutes(), start, seed, size, defects, tables));
  }

  /** Makes the warehouse. */
  public Sample create() {
    return new SampleWarehouse(config).create(done -> {});
  }
}
