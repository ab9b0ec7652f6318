package ml.bqx.sample;

import java.util.List;
import java.util.Locale;

/** The features of a sample that are not FLOAT64. */
final class SampleLabels {
  private SampleLabels() {}

  /**
   * The columns of such types that a table has in front of its numbers.
   *
   * @param walk what the table is about
   * @param features how many features it has in all; there are never more columns than that
   * @param share 0 to 1, another for each table: no two have the same thresholds
   */
  static List<String> of(String table, String walk, int features, double share) {
    List<String> columns = List.of();
    if (table.startsWith("regime_")) {
      columns = regime(walk, String.format(Locale.ROOT, "%.6fe0", 0.05 + 1.2 * share));
    } else if (table.startsWith("mkt_regime")) {
      columns = session();
    } else if (table.startsWith("mkt_sentiment")) {
      columns = List.of("(%1$s_p * 100)::DECIMAL(12, 4) AS index_level".formatted(walk));
    }

    return columns.subList(0, Math.min(features, columns.size()));
  }

  /** Labels by the walk's return and distance from the mean, in deviations. */
  private static List<String> regime(String walk, String threshold) {
    return List.of(
        """
        ((%1$s_r45 > %2$s * %1$s_s45)::BIGINT * 2
        + (%1$s_m45 > %2$s * %1$s_s45)::BIGINT) AS regime_state\
        """
            .formatted(walk, threshold),
        """
        CASE WHEN %1$s_r45 > (1 + %2$s) * %1$s_s45 THEN 'trend_up'
        WHEN %1$s_r45 < -(1 + %2$s) * %1$s_s45 THEN 'trend_down'
        WHEN %1$s_s45 IS NOT NULL THEN 'range' END AS regime_label\
        """
            .formatted(walk, threshold),
        "(abs(%1$s_m45) > (1 + %2$s) * %1$s_s45) AS is_trending".formatted(walk, threshold),
        "nullif((h & 255)::BIGINT, 0) AS regime_minutes");
  }

  private static List<String> session() {
    return List.of(
        "((hour(ts) + 3) // 8)::BIGINT AS session_id",
        "ts::DATE AS session_date",
        "CASE WHEN h & 255 <> 0 THEN date_trunc('hour', ts) END AS session_open");
  }
}
