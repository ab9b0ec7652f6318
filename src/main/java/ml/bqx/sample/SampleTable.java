package ml.bqx.sample;

import static ml.bqx.duckdb.DuckDb.literal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;

/** Writes the SQL that makes one feature table of a sample from its market. */
final class SampleTable {
  /** Prefixes of the tables that lack rows, as the real ones do. */
  private static final Set<String> FAMILIES_WITH_GAPS = Set.of("tri", "cov", "corr", "mkt");

  /** Where a table's features come from, when its name says so. */
  private static final Set<String> SOURCES = Set.of("bqx", "idx");

  private final SampleConfig config;
  private final SampleMarket market;
  private final String name;
  private final int features;
  private final List<String> words;
  private final String first;
  private final String second;

  /**
   * A table.
   *
   * @param features number of its columns that are features
   */
  SampleTable(SampleConfig config, SampleMarket market, String name, int features) {
    this.config = config;
    this.market = market;
    this.name = name;
    this.features = features;
    this.words = Arrays.asList(name.split("_", -1));
    List<String> walks = walks(config.pair().name(), words);
    this.first = walks.get(0);
    this.second = walks.get(1);
  }

  String name() {
    return name;
  }

  int features() {
    return features;
  }

  Set<String> walks() {
    return Set.of(first, second);
  }

  /**
   * The query that gives the rows, in time order but for repeated ones, which follow at the end.
   */
  String query(String marketTable, Set<SampleDefect> defects) {
    String rows = select(marketTable, defects, "");
    if (defects.contains(SampleDefect.EMPTY_TABLE)) {
      return rows + " AND false";
    }

    return defects.contains(SampleDefect.REPEATED_TIMESTAMPS)
        ? rows + " UNION ALL " + select(marketTable, defects, "again") + " AND i % 20 = 0"
        : rows;
  }

  private String select(String marketTable, Set<SampleDefect> defects, String salt) {
    List<String> columns = new ArrayList<>();
    if (!defects.contains(SampleDefect.MISSING_KEY)) {
      columns.add("ts AS " + Catalog.KEY_COLUMN);
    }

    if (words.contains(config.pair().name()) && fraction("pair column") < 0.3) {
      columns.add(literal(config.pair().name()) + " AS " + Catalog.PAIR_COLUMN);
    }

    if (defects.contains(SampleDefect.ODD_TYPE)) {
      columns.add("[%1$s_p, %1$s_u] AS weights".formatted(first));
    }

    columns.addAll(labels());
    PlantedDefects planted = new PlantedDefects(config, defects);
    planted.change(numbers(numberCount())).forEach(number -> columns.add(number.sql()));
    return "SELECT %s FROM (SELECT i, ts, %s, %s, hash(i, %d) AS h%s FROM %s) WHERE %s%s"
        .formatted(
            String.join(", ", columns),
            String.join(", ", market.columns(first)),
            String.join(", ", market.columns(second)),
            SampleNoise.seed(config.seed(), name, salt),
            planted.moreOfTheMarket(),
            marketTable,
            present(),
            planted.rows());
  }

  private List<String> labels() {
    return SampleLabels.of(name, first, features, fraction("thresholds"));
  }

  /** Features that are FLOAT64. */
  int numberCount() {
    return features - labels().size();
  }

  /** A condition that leaves 9 to 11 % of the rows out where real tables lack rows. */
  private String present() {
    return FAMILIES_WITH_GAPS.contains(words.get(0))
        ? "(h >> 40) %% 1000 >= %d".formatted(90 + (int) (21 * fraction("gaps")))
        : "true";
  }

  private List<PlantedDefects.Number> numbers(int count) {
    String source = words.stream().filter(SOURCES::contains).findFirst().orElse("close");
    List<SampleFeature> statistics = SampleFeature.of(words.get(0));
    List<PlantedDefects.Number> columns = new ArrayList<>();
    for (int lag = 0; columns.size() < count; lag++) {
      for (int window : market.windows(first)) {
        for (SampleFeature statistic : statistics) {
          if (columns.size() == count) {
            return columns;
          }

          String column =
              "%s_%s_%d%s"
                  .formatted(
                      source,
                      statistic.name().toLowerCase(Locale.ROOT),
                      window,
                      lag == 0 ? "" : "_lag" + lag);
          columns.add(new PlantedDefects.Number(number(statistic, window, column), column));
        }
      }
    }

    return columns;
  }

  /**
   * The statistic, scaled for each column in its own way, and null in one row of 256. Prices are
   * rounded, so that they repeat as real ones do; all others are blurred. Only the noise is
   * nullable and costs a comparison of whole numbers: far less than a CASE around the whole
   * expression.
   */
  private String number(SampleFeature statistic, int window, String column) {
    String value =
        "(%s) * %s"
            .formatted(
                statistic.sql(first, second, window), decimal(0.5 + fraction("scale", column)));
    return "%s + nullif((h >> %d) & 255, %d) * %s"
        .formatted(
            statistic.isPriced() ? "round(%s, %d)".formatted(value, SampleMarket.DECIMALS) : value,
            (int) (48 * fraction("bits", column)),
            (int) (256 * fraction("null", column)),
            statistic.isPriced() ? "0e0" : decimal(1e-8 * (1 + fraction("blur", column))));
  }

  private static String decimal(double value) {
    // With an exponent, or DuckDB takes it for a DECIMAL.
    return String.format(Locale.ROOT, "%.17e", value);
  }

  private double fraction(String... what) {
    return SampleNoise.fraction(
        config.seed(), Stream.concat(Stream.of(name), Stream.of(what)).toArray(String[]::new));
  }

  /** The two things that the table is about; what its name does not say is the pair, then usd. */
  private static List<String> walks(String pair, List<String> words) {
    List<String> found = new ArrayList<>();
    if (words.contains(pair)) {
      found.add(pair);
    }

    words.stream()
        .filter(SampleMarket::isWalk)
        .filter(word -> !found.contains(word))
        .forEach(found::add);
    for (String fallback : List.of(pair, "usd", "eur")) {
      if (!found.contains(fallback)) {
        found.add(fallback);
      }
    }

    return found.subList(0, 2);
  }
}
