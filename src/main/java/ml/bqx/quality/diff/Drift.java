package ml.bqx.quality.diff;

import ml.bqx.quality.statistics.Quantiles;

/**
 * How far the values of a column have moved between two sets, by their percentiles.
 *
 * @param psi population stability index: below 0.1 is usually called stable, above 0.25 a shift
 * @param ks Kolmogorov-Smirnov distance: the largest difference of two ranks, 0 to 1
 */
public record Drift(double psi, double ks) {
  /** Bins of the index: deciles of the first set. */
  private static final int BINS = 10;

  /** A part that is empty counts as this much, or one such bin would be infinitely far. */
  private static final double LEAST_SHARE = 1e-3;

  /** Between the numbers of two columns. */
  static Drift between(Quantiles before, Quantiles after) {
    return new Drift(psi(before, after), ks(before, after));
  }

  private static double psi(Quantiles before, Quantiles after) {
    double psi = 0;
    double rankBefore = 0;
    double rankAfter = 0;
    for (int bin = 1; bin <= BINS; bin++) {
      double edge = before.at(bin * Quantiles.STEPS / BINS);
      boolean last = bin == BINS;
      // Deciles that are equal, as of a column with few values, make one bin.
      if (!last && edge == before.at((bin + 1) * Quantiles.STEPS / BINS)) {
        continue;
      }

      double nextBefore = last ? 1 : before.rank(edge);
      double nextAfter = last ? 1 : after.rank(edge);
      double was = Math.max(LEAST_SHARE, nextBefore - rankBefore);
      double is = Math.max(LEAST_SHARE, nextAfter - rankAfter);
      psi += (is - was) * Math.log(is / was);
      rankBefore = nextBefore;
      rankAfter = nextAfter;
    }

    return psi;
  }

  private static double ks(Quantiles before, Quantiles after) {
    double largest = 0;
    for (int percent = 0; percent <= Quantiles.STEPS; percent++) {
      for (double value : new double[] {before.at(percent), after.at(percent)}) {
        largest = Math.max(largest, Math.abs(before.rank(value) - after.rank(value)));
      }
    }

    return largest;
  }
}
