package ml.bqx.merge;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BlockLayoutTest {
  @Property
  void blocksFollowEachOtherAndAllButTheLastAreFull(
      @ForAll @IntRange(min = 1, max = 100_000) int rows,
      @ForAll @IntRange(min = 100, max = 1_048_576) int blockRows) {
    BlockLayout layout = new BlockLayout(rows, blockRows);

    int next = 0;
    for (int block = 0; block < layout.blocks(); block++) {
      assertThat(layout.from(block)).isEqualTo(next);
      next = layout.to(block);
      assertThat(layout.rows(block)).isEqualTo(next - layout.from(block)).isPositive();
      if (block < layout.blocks() - 1) {
        assertThat(layout.rows(block)).isEqualTo(blockRows);
      }
    }

    assertThat(next).isEqualTo(rows);
  }

  /** The most rows that an array can number, in blocks that nearly overflow. */
  @Property(tries = 50)
  void theLastBlockOfAHugeSpineDoesNotOverflow(
      @ForAll @IntRange(min = Integer.MAX_VALUE - 2_000_000, max = Integer.MAX_VALUE) int rows,
      @ForAll @IntRange(min = 1_000_000, max = 1_048_576) int blockRows) {
    BlockLayout layout = new BlockLayout(rows, blockRows);
    int last = layout.blocks() - 1;

    assertThat(layout.to(last)).isEqualTo(rows);
    assertThat(layout.rows(last)).isBetween(1, blockRows);
  }
}
