package ml.bqx.sample;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The statistics that features are, with their formula over the columns of {@link SampleMarket}.
 *
 * <p>In a formula P is the table's first walk and F its second; p is its price, r, m and s are its
 * return, distance from the mean and deviation over the feature's window, l, n and x the price
 * before it, the lowest and the highest in it, w is the window, and a following 0 stands for the
 * window that every walk has.
 */
enum SampleFeature {
  MEAN("Pp * (1 - Pm)"),
  STD("Ps"),
  ZSCORE("Pm / (Ps + 1e-9)"),
  MIN("Pn", true),
  MAX("Px", true),
  RANGE("Px - Pn", true),
  SLOPE("Pr / w"),
  RESIDUAL("Pm - Pr / 2"),
  R2("Pr * Pr / (Pr * Pr + Ps * Ps + 1e-12)"),
  RETURN("Pr"),
  LAG("Pl", true),
  MOMENTUM("Pp - Pl", true),
  SPREAD("Pr - Fr0"),
  RATIO("Ps / (Fs0 + 1e-9)"),
  COVARIANCE("Pr * Fr0"),
  CORRELATION("Pr * Fr0 / (Ps * Fs0 + 1e-12)"),
  SKEW("Pm * Pm * Pm / (Ps * Ps * Ps + 1e-15)");

  /** What tables of a family have first, so that even the narrow ones look like theirs. */
  private static final Map<String, List<SampleFeature>> FAMILIES =
      Map.ofEntries(
          Map.entry("align", List.of(CORRELATION, ZSCORE, RATIO)),
          Map.entry("base", List.of(MEAN, STD)),
          Map.entry("corr", List.of(CORRELATION, COVARIANCE)),
          Map.entry("cov", List.of(COVARIANCE, CORRELATION, RATIO)),
          Map.entry("der", List.of(SLOPE, MOMENTUM)),
          Map.entry("div", List.of(SPREAD, RESIDUAL)),
          Map.entry("ext", List.of(MIN, MAX, RANGE)),
          Map.entry("lag", List.of(LAG, RETURN, MEAN)),
          Map.entry("mom", List.of(MOMENTUM, RETURN, SLOPE)),
          Map.entry("mrt", List.of(ZSCORE, RESIDUAL)),
          Map.entry("reg", List.of(SLOPE, R2, RESIDUAL)),
          Map.entry("rev", List.of(ZSCORE, RETURN)),
          Map.entry("tri", List.of(RESIDUAL, COVARIANCE, RATIO)),
          Map.entry("var", List.of(STD, RANGE)),
          Map.entry("vol", List.of(STD, RANGE, SKEW)));

  private final String formula;
  private final boolean priced;

  SampleFeature(String formula) {
    this(formula, false);
  }

  SampleFeature(String formula, boolean priced) {
    this.formula = formula;
    this.priced = priced;
  }

  /** Whether its values are prices, or differences of prices, with their few decimals. */
  boolean isPriced() {
    return priced;
  }

  /** All statistics in the order in which tables of the family have them. */
  static List<SampleFeature> of(String family) {
    List<SampleFeature> first = FAMILIES.getOrDefault(family, List.of());
    return Stream.concat(first.stream(), Stream.of(values())).distinct().toList();
  }

  /**
   * The formula in SQL.
   *
   * @param window the window of P
   */
  String sql(String first, String second, int window) {
    return formula
        .replaceAll("P([rmslnx])", first + "_$1" + window)
        .replace("Pp", first + "_p")
        .replaceAll("F([rs])0", second + "_$1" + SampleMarket.COMMON_WINDOW)
        .replaceAll("\\bw\\b", Integer.toString(window));
  }
}
