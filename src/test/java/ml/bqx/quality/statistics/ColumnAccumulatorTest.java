package ml.bqx.quality.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RandomColumns;
import ml.bqx.parquet.RowGather;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ColumnAccumulatorTest {
  private static final long MINUTE = 60_000_000L;

  /** Moments are sums of doubles, whose last digits depend on the order. */
  private static final double DIGITS = 1e-9;

  @Property(tries = 150)
  void statisticsAreTheSameHoweverTheRowsAreSplitAndMerged(
      @ForAll @IntRange(min = 1, max = 9_000) int rows,
      @ForAll @IntRange(min = 1, max = 2_000) int distinct,
      @ForAll @DoubleRange(min = 0, max = 1) double nulls,
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll long seed) {
    Random random = new Random(seed);
    for (ColumnSchema schema : RandomColumns.schema()) {
      ColumnVector values = RandomColumns.vector(schema, rows, distinct, nulls, random);
      int[] match = match(rows, random);
      int[] cuts = cuts(rows, parts, random);

      ColumnStatistics whole = of(schema, values, match, 0, rows).statistics();
      ColumnAccumulator merged = new ColumnAccumulator(schema);
      ColumnAccumulator added = new ColumnAccumulator(schema);
      for (int i = 0; i + 1 < cuts.length; i++) {
        merged.merge(of(schema, values, match, cuts[i], cuts[i + 1]));
        add(added, values, match, cuts[i], cuts[i + 1]);
      }

      assertSame(merged.statistics(), whole);
      assertSame(added.statistics(), whole);
    }
  }

  @Test
  void ranksOfQuantilesAreWithinTheStatedError() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      int rows = 20_000 + random.nextInt(100_000);
      double[] values = random.doubles(rows).map(value -> Math.pow(value, 3) - 0.2).toArray();
      Quantiles quantiles = doubles(values).statistics().quantiles();
      Arrays.sort(values);

      for (int percent = 0; percent <= 100; percent++) {
        int rank = Arrays.binarySearch(values, quantiles.at(percent));
        assertThat((double) rank / (rows - 1)).isCloseTo(percent / 100.0, within(0.026));
        assertThat(quantiles.rank(quantiles.at(percent))).isCloseTo(percent / 100.0, within(1e-9));
      }

      assertThat(quantiles.at(0)).isEqualTo(values[0]);
      assertThat(quantiles.at(100)).isEqualTo(values[rows - 1]);
    }
  }

  @Test
  void theNumberOfDistinctValuesIsWithinFourDeviations() {
    for (int distinct : new int[] {1, 2, 10, 1_000, 30_000, 100_000}) {
      double[] values = IntStream.range(0, 100_000).mapToDouble(i -> i % distinct).toArray();

      assertThat((double) doubles(values).statistics().distinct())
          .isCloseTo(distinct, within(4 * 0.017 * distinct));
    }
  }

  @Test
  void contentTellsEqualColumnsFromOthers() {
    double[] values = new Random(1).doubles(5_000).toArray();
    double[] copy = values.clone();
    String content = doubles(values).statistics().content();

    assertThat(doubles(copy).statistics().content()).isEqualTo(content);
    copy[4_711] = Math.nextUp(copy[4_711]);
    assertThat(doubles(copy).statistics().content()).isNotEqualTo(content);
    double[] swapped = values.clone();
    swapped[1] = values[2];
    swapped[2] = values[1];
    assertThat(doubles(swapped).statistics().content()).isNotEqualTo(content);
  }

  @Test
  void aPieceIsConstantOnlyWhereAllItsValuesAreTheSame() {
    double[] values = new double[32 * 100];
    Arrays.fill(values, 0, 1_600, 0.1);
    Arrays.fill(values, 1_600, 3_200, 0.3);
    values[50] = Math.nextUp(0.1);
    Segments segments = doubles(values).statistics().segments();

    assertThat(segments.deviation(0)).isPositive();
    for (int i = 1; i < segments.count(); i++) {
      assertThat(segments.deviation(i)).as("piece %d", i).isZero();
    }

    assertThat(segments.mean(1)).isEqualTo(0.1f);
    assertThat(segments.mean(31)).isEqualTo(0.3f);
  }

  @Test
  void specialNumbersAreCountedAndLeftOutOfTheMoments() {
    ColumnStatistics statistics =
        doubles(Double.NaN, 1, Double.POSITIVE_INFINITY, 3, -0.0, 0, Double.NEGATIVE_INFINITY)
            .statistics();

    assertThat(statistics.nan()).isEqualTo(1);
    assertThat(statistics.infinite()).isEqualTo(2);
    assertThat(statistics.zeros()).isEqualTo(2);
    assertThat(statistics.min()).isEqualTo(0);
    assertThat(statistics.max()).isEqualTo(3);
    assertThat(statistics.mean()).isEqualTo(1);
    assertThat(statistics.distinct()).isEqualTo(6);
    assertThat(statistics.sampled()).isEqualTo(4);
  }

  private static ColumnAccumulator doubles(double... values) {
    ColumnVector vector =
        new ColumnVector.Longs(
            Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray(), null);
    int[] match = IntStream.range(0, values.length).toArray();

    return of(ColumnSchema.float64("feature"), vector, match, 0, values.length);
  }

  private static ColumnAccumulator of(
      ColumnSchema schema, ColumnVector values, int[] match, int from, int to) {
    ColumnAccumulator accumulator = new ColumnAccumulator(schema);
    add(accumulator, values, match, from, to);

    return accumulator;
  }

  private static void add(
      ColumnAccumulator accumulator, ColumnVector values, int[] match, int from, int to) {
    long[] timestamps = IntStream.range(from, to).mapToLong(row -> row * MINUTE).toArray();
    SpinePart part = new SpinePart(timestamps, from, match.length);
    int[] matched = Arrays.copyOfRange(match, from, to);
    GatheredValues room = new GatheredValues(part.longestSegment());
    for (int row = 0; row < part.rows(); row = part.end(part.segment(row))) {
      accumulator.add(values, matched, part, row, room);
    }
  }

  /** Mostly in order, with rows that are missing. */
  private static int[] match(int rows, Random random) {
    int[] match = IntStream.range(0, rows).toArray();
    for (int i = 0; i < rows / 20; i++) {
      match[random.nextInt(rows)] = random.nextBoolean() ? RowGather.NO_ROW : random.nextInt(rows);
    }

    return match;
  }

  private static int[] cuts(int rows, int parts, Random random) {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, rows));
    for (int i = 1; i < parts; i++) {
      cuts.add(random.nextInt(rows + 1));
    }

    return cuts.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void assertSame(ColumnStatistics actual, ColumnStatistics expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .ignoringFields("mean", "deviation", "segments")
        .isEqualTo(expected);
    assertClose(actual.mean(), expected.mean(), expected);
    assertClose(actual.deviation(), expected.deviation(), expected);
    Segments segments = expected.segments();
    for (int i = 0; i < segments.count(); i++) {
      assertThat(actual.segments().values(i)).isEqualTo(segments.values(i));
      assertThat(actual.segments().deviation(i) == 0).isEqualTo(segments.deviation(i) == 0);
    }
  }

  private static void assertClose(Double actual, Double expected, ColumnStatistics of) {
    if (expected == null) {
      assertThat(actual).isNull();
    } else {
      double scale = Math.max(Math.abs(of.min()), Math.abs(of.max()));
      assertThat(actual).isCloseTo(expected, within(DIGITS * scale));
    }
  }
}
