package ml.bqx.config;

import com.google.common.base.Splitter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which rows of some tables are read.
 *
 * @param tables glob over names of groups and tables
 * @param condition in BigQuery's SQL, without WHERE
 */
public record RowFilter(String tables, String condition) implements Serializable {
  /** The filters that {@code --rowFilter} names; what is wrong is left in the checks. */
  static List<RowFilter> parse(@Nullable String text, Checks checks) {
    if (text == null) {
      return List.of();
    }

    List<RowFilter> filters = new ArrayList<>();
    for (String one : Splitter.on(';').split(text)) {
      int equals = one.indexOf('=');
      String tables = one.substring(0, Math.max(0, equals)).strip();
      String condition = one.substring(equals + 1).strip();
      if (tables.isEmpty() || condition.isEmpty()) {
        checks.wrong(
            "rowFilter", one, "not a filter (expected for example agg_*=day >= \"2024-01-01\")");
      } else if (checks.glob("rowFilter", tables) != null) {
        filters.add(new RowFilter(tables, condition));
      }
    }

    return filters;
  }

  @Override
  public String toString() {
    return tables + "=" + condition;
  }
}
