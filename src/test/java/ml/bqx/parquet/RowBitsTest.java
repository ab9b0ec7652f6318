package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RowBitsTest {
  @Property(tries = 200)
  void holdsTheRowsOfAMask(
      @ForAll @IntRange(max = 300) int rows,
      @ForAll @IntRange(max = 4) int quarters,
      @ForAll Random random) {
    boolean[] mask = mask(rows, quarters, random);

    RowBits bits = RowBits.of(mask);

    assertThat(mask(bits)).isEqualTo(mask);
    int from = random.nextInt(rows + 1);
    int to = from + random.nextInt(rows - from + 1);
    assertThat(bits.count(from, to)).isEqualTo(count(mask, from, to));
  }

  @Property(tries = 200)
  void growsByEqualRowsAndByRowsOfOthersAtAnyPlace(
      @ForAll @IntRange(max = 300) int rows,
      @ForAll @IntRange(max = 4) int quarters,
      @ForAll Random random) {
    boolean[] mask = mask(rows, quarters, random);
    RowBits source = RowBits.of(mask);
    RowBits bits = new RowBits();
    bits.append(true, 40_000);
    bits.clear();

    boolean[] expected = new boolean[10 * rows + 1000];
    int size = 0;
    for (int i = 0; i < 10; i++) {
      int from = random.nextInt(rows + 1);
      int to = from + random.nextInt(rows - from + 1);
      bits.append(source, from, to);
      System.arraycopy(mask, from, expected, size, to - from);
      size += to - from;
      int equal = random.nextInt(100);
      boolean value = random.nextBoolean();
      bits.append(value, equal);
      Arrays.fill(expected, size, size + equal, value);
      size += equal;
    }

    assertThat(mask(bits)).isEqualTo(Arrays.copyOf(expected, size));
  }

  @Property(tries = 300)
  void spreadsRowsOverThePlacesTheyHave(
      @ForAll @IntRange(max = 300) int rows,
      @ForAll @IntRange(max = 4) int placesOfFour,
      @ForAll @IntRange(max = 4) int valuesOfFour,
      @ForAll Random random) {
    boolean[] places = mask(rows, placesOfFour, random);
    boolean[] values = mask(rows, valuesOfFour, random);
    int from = random.nextInt(rows + 1);
    int to = from + random.nextInt(rows - from + 1);
    RowBits spread = new RowBits();
    spread.append(true, 7);

    spread.appendSpread(RowBits.of(values), RowBits.of(places), from, to);

    boolean[] expected = new boolean[7 + to - from];
    Arrays.fill(expected, 0, 7, true);
    int next = 0;
    for (int row = from; row < to; row++) {
      expected[7 + row - from] = places[row] && values[next++];
    }

    assertThat(mask(spread)).isEqualTo(expected);
  }

  private static boolean[] mask(int rows, int quarters, Random random) {
    boolean[] mask = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      mask[row] = random.nextInt(4) < quarters;
    }

    return mask;
  }

  private static boolean[] mask(RowBits bits) {
    boolean[] mask = new boolean[bits.size()];
    for (int row = 0; row < mask.length; row++) {
      mask[row] = bits.bits(row, 1) == 1;
    }

    return mask;
  }

  private static int count(boolean[] mask, int from, int to) {
    int set = 0;
    for (int row = from; row < to; row++) {
      set += mask[row] ? 1 : 0;
    }

    return set;
  }
}
