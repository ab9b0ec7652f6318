package ml.bqx.merge.beam;

import static org.assertj.core.api.Assertions.assertThat;

import ml.bqx.merge.BlockLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PartLayoutTest {
  @Property(tries = 200)
  void everyColumnOfEveryBlockIsInOnePart(
      @ForAll @IntRange(min = 1, max = 5) int blocks,
      @ForAll @IntRange(min = 1, max = 300) int columns,
      @ForAll @IntRange(min = 1, max = 300) int rangeColumns) {
    PartLayout layout = new PartLayout(new BlockLayout(blocks * 10, 10), columns, rangeColumns);

    int part = 0;
    for (int block = 0; block < blocks; block++) {
      for (int column = 0; column < columns; part++) {
        assertThat(layout.block(part)).isEqualTo(block);
        assertThat(layout.from(part)).isEqualTo(column);
        assertThat(layout.to(part)).isGreaterThan(column);
        assertThat(layout.rows(part)).isEqualTo(10);
        for (; column < layout.to(part); column++) {
          assertThat(layout.part(block, column)).isEqualTo(part);
        }
      }
    }

    assertThat(part).isEqualTo(layout.parts());
  }
}
