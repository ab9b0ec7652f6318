package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowGatherTest {
  @Provide
  static Arbitrary<ColumnSchema> column() {
    return Arbitraries.of(RandomColumns.schema());
  }

  @Property(tries = 300)
  void picksRowsInTheOrderOfTheIndex(
      @ForAll("column") ColumnSchema column,
      @ForAll @IntRange(max = 200) int rows,
      @ForAll @IntRange(max = 200) int wanted,
      @ForAll @IntRange(max = 2) int halvesNull,
      @ForAll Random random) {
    ColumnVector source = RandomColumns.vector(column, rows, 50, halvesNull / 2.0, random);
    int[] index = new int[wanted];
    boolean gaps = random.nextBoolean();
    Arrays.setAll(
        index, i -> rows == 0 || (gaps && random.nextInt(5) == 0) ? -1 : random.nextInt(rows));
    int from = random.nextInt(wanted + 1);
    int to = from + random.nextInt(wanted - from + 1);

    ColumnVector gathered = RowGather.gather(source, index, from, to);

    List<Object> expected = new ArrayList<>();
    for (int i = from; i < to; i++) {
      expected.add(index[i] == RowGather.NO_ROW ? null : TestTable.value(source, index[i]));
    }

    assertThat(TestTable.values(gathered)).isEqualTo(expected);
    assertThat(gathered.valid() == null).isEqualTo(!expected.contains(null));
    assertThat(gathered.size()).isEqualTo(to - from);
  }

  @Property(tries = 100)
  void picksRowsOfOneColumnAfterTheOther(@ForAll Random random) {
    RowGather reused = new RowGather();
    for (int i = 0; i < 20; i++) {
      ColumnSchema column =
          RandomColumns.schema().get(random.nextInt(RandomColumns.schema().size()));
      ColumnVector source = RandomColumns.vector(column, 50, 20, random.nextInt(3) / 2.0, random);
      int[] index = new int[random.nextInt(3) * 10];
      boolean gaps = random.nextBoolean();
      Arrays.setAll(index, row -> gaps && random.nextInt(5) == 0 ? -1 : random.nextInt(50));

      ColumnVector gathered = reused.next(source, index, 0, index.length);

      assertThat(gathered)
          .usingRecursiveComparison()
          .isEqualTo(RowGather.gather(source, index, 0, index.length));
    }
  }

  @Test
  void slotsWithoutARowHoldZero() {
    Longs source = new Longs(new long[] {5, 6}, new boolean[] {true, true});

    Longs gathered = (Longs) RowGather.gather(source, new int[] {-1, 1, -1, 0}, 0, 4);

    assertThat(gathered.values()).containsExactly(0, 6, 0, 5);
    assertThat(gathered.valid()).containsExactly(false, true, false, true);
  }
}
