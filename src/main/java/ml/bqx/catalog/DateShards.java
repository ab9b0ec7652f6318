package ml.bqx.catalog;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables that are one table, cut by date: {@code agg_eurusd_20240101}, {@code agg_eurusd_20240102}.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/partitioned-tables#dt_partition_shard">Date-sharded
 *     tables of BigQuery</a>
 */
final class DateShards {
  private static final Pattern NAME = Pattern.compile("(.+)_(\\d{8})");

  private DateShards() {}

  /** The table that a table is a shard of, by its name. */
  static Optional<String> whole(String table) {
    Matcher matcher = NAME.matcher(table);
    return matcher.matches() && isDate(matcher.group(2))
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  /** Names of tables by the table that they are shards of, sorted; other tables are in none. */
  static Map<String, List<String>> of(List<String> tables) {
    Map<String, List<String>> shards = new TreeMap<>();
    tables.stream()
        .sorted()
        .forEach(
            table ->
                whole(table)
                    .ifPresent(
                        whole ->
                            shards.computeIfAbsent(whole, name -> new ArrayList<>()).add(table)));
    return shards;
  }

  private static boolean isDate(String digits) {
    try {
      LocalDate.parse(digits, DateTimeFormatter.BASIC_ISO_DATE);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
