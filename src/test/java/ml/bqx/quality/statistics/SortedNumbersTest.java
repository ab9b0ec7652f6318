package ml.bqx.quality.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SortedNumbersTest {
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    1,
    -1,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @Property
  void numbersStandInTheOrderOfJava(
      @ForAll @IntRange(max = 3_000) int count, @ForAll boolean narrow, @ForAll long seed) {
    Random random = new Random(seed);
    double[] numbers =
        random
            .doubles(count)
            .map(
                value ->
                    narrow
                        ? 1 + Math.round(value * 100) / 1e5
                        : value < 0.1
                            ? SPECIAL[(int) (value * 100)]
                            : (value - 0.5) * Math.pow(10, random.nextInt(600) - 300.0))
            .toArray();

    assertSorted(numbers);
  }

  private static void assertSorted(double[] numbers) {
    double[] expected = numbers.clone();
    Arrays.sort(expected);
    SortedNumbers.sort(numbers);
    assertThat(numbers).containsExactly(expected);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(Double.doubleToRawLongBits(numbers[i]))
          .isEqualTo(Double.doubleToRawLongBits(expected[i]));
    }
  }
}
