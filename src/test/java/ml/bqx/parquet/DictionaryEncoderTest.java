package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DictionaryEncoderTest {
  private final DictionaryEncoder encoder = new DictionaryEncoder();

  @Property(tries = 200)
  void everyValueIsItsEntry(
      @ForAll @IntRange(min = 1, max = 5_000) int count,
      @ForAll @IntRange(min = 1, max = 3_000) int distinct,
      @ForAll Random random) {
    long[] pool = random.longs(distinct).toArray();
    long[] values = new long[count + random.nextInt(3)];
    Arrays.setAll(values, i -> pool[random.nextInt(distinct)]);

    Dictionary dictionary = encoder.encode(new Longs(values, null), count);

    if (dictionary != null) {
      long[] entries = ((Longs) dictionary.entries()).values();
      assertThat(entries).hasSize(dictionary.size()).doesNotHaveDuplicates();
      for (int i = 0; i < count; i++) {
        assertThat(entries[dictionary.ids()[i]]).isEqualTo(values[i]);
      }
    }
  }

  @Test
  void entriesAreInOrderOfFirstAppearance() {
    long[] values = {7, 3, 7, 7, 5, 3, 7, 7, 3, 5, 7, 7, 7};

    Dictionary dictionary = encoder.encode(new Longs(values, null), values.length);

    assertThat(((Longs) dictionary.entries()).values()).containsExactly(7, 3, 5);
    assertThat(dictionary.bitWidth()).isEqualTo(2);
    assertThat(Arrays.copyOf(dictionary.ids(), values.length))
        .containsExactly(0, 1, 0, 0, 2, 1, 0, 0, 1, 2, 0, 0, 0);
  }

  @Test
  void valuesThatShareASlotAreToldApart() {
    // Times the hash's factor these are 0, 1, 2, ...: no top bits, so all want the first slot.
    BigInteger factor = new BigInteger("9E3779B97F4A7C15", 16);
    long inverse = factor.modInverse(BigInteger.ONE.shiftLeft(64)).longValue();
    long[] values = new long[8_000];
    Arrays.setAll(values, i -> i / 8 * inverse);

    Dictionary dictionary = encoder.encode(new Longs(values, null), values.length);

    assertThat(dictionary.size()).isEqualTo(1_000);
    long[] entries = ((Longs) dictionary.entries()).values();
    for (int i = 0; i < values.length; i++) {
      assertThat(entries[dictionary.ids()[i]]).isEqualTo(values[i]);
    }
  }

  @Test
  void aDictionaryIsMadeOnlyWhereItPays() {
    long[] distinct = new Random(1).longs(16_384).toArray();
    long[] halfAsMany = new long[16_384];
    Arrays.setAll(halfAsMany, i -> distinct[i / 2]);
    long[] quarter = new long[16_384];
    Arrays.setAll(quarter, i -> distinct[i / 4]);

    assertThat(encoder.encode(new Longs(distinct, null), 16_384)).isNull();
    // Of 16 bytes for two values, an entry of eight and two indices of 13 bits remain.
    assertThat(encoder.encode(new Longs(halfAsMany, null), 16_384)).isNotNull();
    assertThat(encoder.encode(new Longs(quarter, null), 16_384)).isNotNull();
    assertThat(encoder.encode(new Longs(new long[] {1}, null), 1)).isNull();
    assertThat(encoder.encode(new Longs(new long[] {1, 1, 1}, null), 3)).isNotNull();
    assertThat(encoder.encode(new Longs(distinct, null), 0)).isNull();
  }

  @Test
  void manyDistinctValuesAtFirstAreGivenUp() {
    long[] values = new long[16_384];
    Arrays.setAll(values, i -> Math.min(i, 300));

    assertThat(encoder.encode(new Longs(values, null), 16_384)).isNull();
  }

  @Test
  void intsPayByTheirOwnWidth() {
    int[] ints = new int[4_000];
    Arrays.setAll(ints, i -> i % 2_000 - 1_000);
    long[] longs = Arrays.stream(ints).asLongStream().toArray();

    assertThat(encoder.encode(new Ints(ints, null), 2_000)).isNull();
    assertThat(encoder.encode(new Longs(longs, null), 2_000)).isNull();
    Arrays.setAll(ints, i -> i % 50 - 25);
    Dictionary dictionary = encoder.encode(new Ints(ints, null), 4_000);
    assertThat(((Ints) dictionary.entries()).values()).hasSize(50).contains(-25, 24);
  }

  @Test
  void textsHaveDictionariesToo() {
    ColumnSchema column = ColumnSchema.string("label");
    // "Aa" and "BB" have one hash code.
    ColumnVector labels =
        RandomColumns.vector(column, 300, row -> (row % 2 == 0 ? "Aa" : "BB").getBytes(UTF_8));
    ColumnVector random = RandomColumns.vector(column, 300, 300, 0, new Random(1));

    Dictionary dictionary = encoder.encode(labels, 300);

    assertThat(TestTable.values(dictionary.entries()))
        .containsExactly(
            TestTable.bytes("Aa".getBytes(UTF_8)), TestTable.bytes("BB".getBytes(UTF_8)));
    assertThat(dictionary.ids()[299]).isEqualTo(1);
    assertThat(encoder.encode(random, 300)).isNull();
    assertThat(encoder.encode(RandomColumns.vector(column, 100, row -> new byte[0]), 100))
        .isNotNull();
  }

  @Test
  void booleansHaveNone() {
    assertThat(encoder.encode(new Booleans(new boolean[1_000], null), 1_000)).isNull();
  }
}
