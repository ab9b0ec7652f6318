package ml.bqx.quality.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import ml.bqx.quality.statistics.Quantiles;
import org.junit.jupiter.api.Test;

class DriftTest {
  @Test
  void aSampleDoesNotDriftFromAnotherOfTheSameDistribution() {
    Drift drift = Drift.between(normal(1, 0, 1), normal(2, 0, 1));

    assertThat(drift.psi()).isBetween(0.0, 0.05);
    assertThat(drift.ks()).isBetween(0.0, 0.06);
  }

  @Test
  void theDistanceOfShiftedNormalDistributionsIsThatOfTheory() {
    Drift drift = Drift.between(normal(1, 0, 1), normal(2, 1, 1));

    // The largest difference of both distribution functions: erf(1 / (2 sqrt 2)).
    assertThat(drift.ks()).isCloseTo(0.383, within(0.04));
    // The symmetric divergence of both is the square of the shift; ten bins see a little less.
    assertThat(drift.psi()).isBetween(0.8, 1.05);
  }

  @Test
  void valuesThatShareNothingAreAsFarAsCanBe() {
    Drift drift = Drift.between(normal(1, 0, 1), normal(2, 1_000, 1));

    assertThat(drift.ks()).isEqualTo(1);
    assertThat(drift.psi()).isGreaterThan(5);
  }

  @Test
  void aChangeOfUnitIsADrift() {
    assertThat(Drift.between(normal(1, 0, 1), normal(1, 0, 100)).psi()).isGreaterThan(1);
  }

  @Test
  void columnsWithFewValuesDriftByTheirShares() {
    Quantiles half = flags(0.5);

    assertThat(Drift.between(half, half)).isEqualTo(new Drift(0, 0));
    assertThat(Drift.between(half, flags(0.9)).ks()).isCloseTo(0.4, within(0.02));
    assertThat(Drift.between(half, flags(0.9)).psi())
        .isCloseTo(0.4 * Math.log(0.9 / 0.5) - 0.4 * Math.log(0.1 / 0.5), within(0.1));
  }

  private static Quantiles normal(long seed, double mean, double deviation) {
    double[] values = new double[4_000];
    Random random = new Random(seed);
    Arrays.setAll(values, i -> mean + deviation * random.nextGaussian());

    return of(values);
  }

  private static Quantiles flags(double share) {
    double[] values = new double[1_000];
    Arrays.fill(values, 0, (int) (share * values.length), 1);

    return of(values);
  }

  private static Quantiles of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);

    return Quantiles.of(sorted, sorted[0], sorted[sorted.length - 1]);
  }
}
