package ml.bqx.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ml.bqx.catalog.Pair;

/**
 * The prices that all features of a sample derive from, in one scratch table: a column for each
 * statistic of each currency, pair and fund.
 *
 * <p>A walk is a running sum of whole numbers, and so are its rolling sums: whole numbers add up to
 * the same whatever the order, so the content does not depend on the number of threads. Windows are
 * computed here once; feature tables only combine columns row by row, which is what makes thousands
 * of features cheap.
 */
final class SampleMarket {
  /** Lookback windows in minutes. */
  static final List<Integer> WINDOWS = List.of(45, 90, 15, 180, 360);

  /** The window that every walk has; only currencies and the main pair have the others. */
  static final int COMMON_WINDOW = 45;

  private static final List<String> CURRENCIES =
      List.of("aud", "cad", "chf", "eur", "gbp", "jpy", "nzd", "usd");

  private static final List<String> FUNDS =
      List.of("ewa", "ewg", "ewj", "ewu", "gld", "spy", "uup", "vix");

  /** Prices have five decimals, as brokers quote them. */
  static final int DECIMALS = 5;

  /** Points of a price of 1. */
  private static final String POINTS = "1e" + DECIMALS;

  /** Size of a walk's unit in log prices: the typical step of 38,000 is a basis point. */
  static final String UNIT = "2.6e-9";

  private final SampleConfig config;
  private final int rows;

  SampleMarket(SampleConfig config, int rows) {
    this.config = config;
    this.rows = rows;
  }

  /**
   * Statements that make the table {@code market} of a schema.
   *
   * @param wanted the walks to make; the currencies of pairs come with them
   */
  List<String> statements(String schema, Set<String> wanted) {
    Set<String> walks = new TreeSet<>(wanted);
    for (Pair pair : Pair.ALL) {
      if (wanted.contains(pair.name())) {
        walks.addAll(List.of(pair.base(), pair.quote()));
      }
    }

    return List.of(
        "CREATE TABLE %s.walks AS %s".formatted(schema, walks(walks)),
        "CREATE TABLE %s.sums AS %s".formatted(schema, sums(schema, walks)),
        "CREATE TABLE %s.market AS %s".formatted(schema, market(schema, walks)),
        "DROP TABLE %s.sums".formatted(schema),
        "DROP TABLE %s.walks".formatted(schema));
  }

  /** Whether the word of a table's name is something that has a price. */
  static boolean isWalk(String word) {
    return CURRENCIES.contains(word) || FUNDS.contains(word) || Pair.isPair(word);
  }

  /** The windows that a walk has columns for. */
  List<Integer> windows(String walk) {
    return CURRENCIES.contains(walk) || walk.equals(config.pair().name())
        ? WINDOWS
        : List.of(COMMON_WINDOW);
  }

  /** The columns of a walk. */
  List<String> columns(String walk) {
    List<String> columns = new ArrayList<>(List.of(walk + "_u", walk + "_p"));
    for (int window : windows(walk)) {
      for (String statistic : List.of("_r", "_m", "_s", "_l", "_n", "_x")) {
        columns.add(walk + statistic + window);
      }
    }

    return columns;
  }

  /** Running sums of steps; a pair is the difference of its currencies and a little noise. */
  private String walks(Set<String> walks) {
    List<String> steps = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (String walk : walks) {
      steps.add("%s AS %s".formatted(step(walk), walk));
      columns.add(
          Pair.isPair(walk)
              ? "(sum(%1$s - %2$s) OVER stream + %3$s // 4)::BIGINT AS %3$s"
                  .formatted(Pair.of(walk).base(), Pair.of(walk).quote(), walk)
              : "sum(%1$s) OVER stream::BIGINT AS %1$s".formatted(walk));
    }

    return """
        SELECT i, %s FROM (SELECT i, %s FROM range(%d) r(i))
        WINDOW stream AS (ROWS UNBOUNDED PRECEDING)\
        """
        .formatted(String.join(", ", columns), String.join(", ", steps), rows);
  }

  /** Four 16-bit numbers of a hash, summed: close to a normal distribution around zero. */
  private String step(String walk) {
    String hash = "hash(i, %d)".formatted(SampleNoise.seed(config.seed(), walk));
    return "((%1$s & 65535) + ((%1$s >> 16) & 65535) + ((%1$s >> 32) & 65535) + (%1$s >> 48))"
            .formatted(hash)
        + "::BIGINT - 131070";
  }

  /** Running sums, the price in points, and its rolling extremes. */
  private String sums(String schema, Set<String> walks) {
    List<String> columns = new ArrayList<>();
    List<String> points = new ArrayList<>();
    for (String walk : walks) {
      points.add(
          "round(exp(%1$s * %2$s) * %3$s * %4$s)::BIGINT AS %1$s_q"
              .formatted(walk, UNIT, level(walk), POINTS));
      columns.add(
          "sum(%1$s) OVER stream AS %1$s_1, sum(%1$s * %1$s) OVER stream AS %1$s_2"
              .formatted(walk));
      for (int window : windows(walk)) {
        columns.add(
            """
            min(%1$s_q) OVER last%2$d AS %1$s_n%2$d, max(%1$s_q) OVER last%2$d AS %1$s_x%2$d\
            """
                .formatted(walk, window));
      }
    }

    return "SELECT *, %s FROM (SELECT *, %s FROM %s.walks) WINDOW stream AS (ROWS UNBOUNDED PRECEDING), %s"
        .formatted(
            String.join(", ", columns),
            String.join(", ", points),
            schema,
            WINDOWS.stream()
                .map(
                    window ->
                        "last%d AS (ORDER BY i ROWS %d PRECEDING)".formatted(window, window - 1))
                .collect(Collectors.joining(", ")));
  }

  private String market(String schema, Set<String> walks) {
    return """
        SELECT i, to_timestamp(%d + i * 60) AS ts, %s FROM %s.sums\
        """
        .formatted(
            config.start().getEpochSecond(),
            walks.stream().map(this::statistics).collect(Collectors.joining(", ")),
            schema);
  }

  /**
   * Columns of one walk: its units {@code _u} and price {@code _p}, and for each window the return
   * {@code _r}, the distance from the mean {@code _m}, the deviation {@code _s}, the price that
   * long ago {@code _l}, the lowest {@code _n} and the highest {@code _x}.
   */
  private String statistics(String walk) {
    StringBuilder columns = new StringBuilder();
    columns.append("%1$s AS %1$s_u, %1$s_q / %2$s AS %1$s_p".formatted(walk, POINTS));
    for (int window : windows(walk)) {
      String mean = "((%1$s_1 - lag(%1$s_1, %2$d) OVER ())::DOUBLE / %2$d)".formatted(walk, window);
      String square =
          "((%1$s_2 - lag(%1$s_2, %2$d) OVER ())::DOUBLE / %2$d)".formatted(walk, window);
      columns.append(
          """
          , (%1$s - lag(%1$s, %2$d) OVER ()) * %3$s AS %1$s_r%2$d\
          , (%1$s - %4$s) * %3$s AS %1$s_m%2$d\
          , sqrt(abs(%5$s - %4$s * %4$s)) * %3$s AS %1$s_s%2$d\
          , lag(%1$s_q, %2$d) OVER () / %6$s AS %1$s_l%2$d\
          , CASE WHEN i >= %2$d THEN %1$s_n%2$d / %6$s END AS %1$s_n%2$d\
          , CASE WHEN i >= %2$d THEN %1$s_x%2$d / %6$s END AS %1$s_x%2$d\
          """
              .formatted(walk, window, UNIT, mean, square, POINTS));
    }

    return columns.toString();
  }

  private static double level(String walk) {
    if (walk.endsWith("jpy")) {
      return 150;
    }

    return FUNDS.contains(walk) ? 40 : 1.1;
  }
}
