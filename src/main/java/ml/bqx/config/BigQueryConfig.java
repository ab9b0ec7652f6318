package ml.bqx.config;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.BigQueryReadOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How an extraction reads BigQuery, validated.
 *
 * @param project whose datasets are read, and which pays
 * @param snapshotTime moment as of which all tables are read; null to read each as it then is
 * @param rowFilters which rows of some tables are read
 * @param wavesToRun the waves that this run extracts, one after the other
 * @param materializeViews whether views are read by a query each; otherwise they are an error
 * @param readTimeout how long BigQuery may leave a read without an answer
 */
public record BigQueryConfig(
    String project,
    @Nullable Instant snapshotTime,
    List<RowFilter> rowFilters,
    List<Wave> wavesToRun,
    boolean materializeViews,
    Duration readTimeout,
    ReadPrice price)
    implements Source {

  /** What a TiB costs that Storage Read scans. */
  public sealed interface ReadPrice extends Serializable {
    /** The list price. */
    record Listed() implements ReadPrice {}

    /** The user's own price, in US dollars. */
    record PerTiB(double dollars) implements ReadPrice {}
  }

  /** What {@code --snapshotTime} says for no moment at all. */
  private static final String NONE = "none";

  /** As {@code --warehouse} spells it. */
  static final String NAME = "bigquery";

  /** Validates the options; what is wrong is left in the checks. */
  static BigQueryConfig from(BigQueryReadOptions options, Checks checks) {
    return new BigQueryConfig(
        checks.project(CloudProject.of(options), "the Google Cloud project of the datasets"),
        snapshotTime(options, checks),
        RowFilter.parse(options.getRowFilter(), checks),
        waves(options, checks),
        options.isMaterializeViews(),
        Duration.ofSeconds(
            checks.atLeast("storageReadTimeout", 1, options.getStorageReadTimeout())),
        price(options.getStorageReadPricePerTiB(), checks));
  }

  @Override
  public String name() {
    return NAME + ":" + project;
  }

  /** A moment that has passed, to the millisecond; the present one when none is given. */
  private static @Nullable Instant snapshotTime(BigQueryReadOptions options, Checks checks) {
    String text = options.getSnapshotTime();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (text == null) {
      return now;
    } else if (text.equals(NONE)) {
      if (options.getWave() != null && options.isMaterializeViews()) {
        checks.wrong(
            "snapshotTime",
            text,
            "--wave with --materializeViews requires a time: without one each job would take the views for changed");
      }

      return null;
    }

    Instant snapshot =
        checks.required("snapshotTime", text, "a moment", BigQueryConfig::parseInstant);
    if (snapshot != null && snapshot.isAfter(now)) {
      checks.wrong("snapshotTime", text, "in the future");
    }

    return snapshot;
  }

  private static Instant parseInstant(String text) {
    try {
      return Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeParseException e) {
      throw new InvalidInputException("not a time (expected for example 2024-01-31T12:00:00Z)", e);
    }
  }

  /** The given one, or all of the given number. */
  private static List<Wave> waves(BigQueryReadOptions options, Checks checks) {
    String named = options.getWave();
    Wave wave =
        named == null ? null : checks.required("wave", named, "for example 2/8", Wave::parse);
    int count = Math.min(Wave.MOST, checks.between("waves", 1, Wave.MOST, options.getWaves()));
    if (wave != null) {
      return List.of(wave);
    }

    return IntStream.rangeClosed(1, count).mapToObj(index -> new Wave(index, count)).toList();
  }

  private static ReadPrice price(@Nullable Double dollars, Checks checks) {
    if (dollars == null) {
      return new ReadPrice.Listed();
    }

    if (!(dollars >= 0) || Double.isInfinite(dollars)) {
      checks.wrong("storageReadPricePerTiB", dollars, "not a price in US dollars");
    }

    return new ReadPrice.PerTiB(dollars);
  }
}
