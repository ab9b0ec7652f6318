package ml.bqx.sample;

import static ml.bqx.duckdb.DuckDb.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes into the query of a table what makes its values bad to learn from. */
final class PlantedDefects {
  private static final int MINUTES_OF_A_DAY = 1_440;

  /** How many minutes ahead the target looks that is planted, and how late it is planted. */
  private static final int HORIZON = 15;

  private static final int DELAY = 7;

  private final SampleConfig config;
  private final Set<SampleDefect> defects;

  /**
   * A feature of type FLOAT64.
   *
   * @param expression its values in SQL
   */
  record Number(String expression, String name) {
    String sql() {
      return "%s AS %s".formatted(expression, quoted(name));
    }
  }

  PlantedDefects(SampleConfig config, Set<SampleDefect> defects) {
    this.config = config;
    this.defects = defects;
  }

  /** The features of a table, one of them changed by each defect. */
  List<Number> change(List<Number> numbers) {
    List<Number> changed = new ArrayList<>(numbers);
    for (SampleDefect defect : defects) {
      int at = defect.numbers() - 1;
      if (at >= 0) {
        Number number = changed.get(at);
        changed.set(at, new Number(changed(defect, number, numbers.get(0)), number.name()));
      }
    }

    return changed;
  }

  private String changed(SampleDefect defect, Number number, Number first) {
    String expression = number.expression();
    int middle = config.minutes() / 2;
    return switch (defect) {
      case CONSTANT_SINCE ->
          "CASE WHEN i < %d THEN %s ELSE 0.125e0 END".formatted(middle, expression);
      case LEVEL_SHIFT -> "%s + CASE WHEN i < %d THEN 0 ELSE 1e3 END".formatted(expression, middle);
      case CHANGED_UNIT ->
          "(%s) * CASE WHEN i < %d THEN 1e0 ELSE 1e2 END".formatted(expression, middle);
      case NAN_VALUES ->
          "CASE WHEN h %% 500 = 0 THEN 'nan'::DOUBLE ELSE %s END".formatted(expression);
      case DUPLICATE_FEATURE -> first.expression();
      case SHIFTED_TARGET -> "planted";
      case REPEATED_TIMESTAMPS,
          CLASHING_NAMES,
          EMPTY_TABLE,
          MISSING_KEY,
          ODD_TYPE,
          GAP_DAY,
          SHRUNK_TABLE ->
          expression;
    };
  }

  /** Columns that the query must take of the market beside others, with a comma in front. */
  String moreOfTheMarket() {
    return defects.contains(SampleDefect.SHIFTED_TARGET)
        ? ", (lead(%1$s_u, %2$d) OVER () - lag(%1$s_u, %3$d) OVER ()) * %4$s * 1e4 AS planted"
            .formatted(config.pair(), HORIZON - DELAY, DELAY, SampleMarket.UNIT)
        : "";
  }

  /** Conditions on the rows beside others, with an AND in front. */
  String rows() {
    if (defects.contains(SampleDefect.SHRUNK_TABLE)) {
      return " AND i < %d".formatted(config.minutes() * 3 / 5);
    }

    int gap = config.minutes() * 2 / 5;
    return defects.contains(SampleDefect.GAP_DAY)
        ? " AND NOT i BETWEEN %d AND %d"
            .formatted(gap, gap + Math.min(MINUTES_OF_A_DAY, config.minutes() / 7) - 1)
        : "";
  }
}
