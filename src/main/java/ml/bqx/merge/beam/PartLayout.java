package ml.bqx.merge.beam;

import com.google.common.primitives.Ints;
import java.io.Serializable;
import ml.bqx.merge.BlockLayout;
import ml.bqx.merge.PlannedMerge;

/**
 * How a training file is cut into the parts that workers write: row blocks, and each of them into
 * ranges of columns, the same for all blocks.
 *
 * @param columns of the training file, as the plan numbers them
 * @param rangeColumns columns of every range but the last
 */
record PartLayout(BlockLayout blocks, int columns, int rangeColumns) implements Serializable {
  /**
   * Bytes of a part's columns, if each value has 8: what a worker has in memory of slices that
   * travel as bytes. A block of 16,384 rows is cut after 512 columns.
   */
  private static final long PART_BYTES = 1 << 26;

  private static final int VALUE_BYTES = 8;

  static PartLayout of(PlannedMerge merge) {
    BlockLayout blocks = merge.blocks();
    int columns = merge.plan().written().size();
    long columnBytes = (long) Math.max(1, blocks.rows(0)) * VALUE_BYTES;
    return new PartLayout(
        blocks,
        columns,
        Ints.constrainToRange(Ints.saturatedCast(PART_BYTES / columnBytes), 1, columns));
  }

  /** Number of ranges of columns. */
  int ranges() {
    return (columns + rangeColumns - 1) / rangeColumns;
  }

  /** Number of parts; they are numbered block by block. */
  int parts() {
    return blocks.blocks() * ranges();
  }

  /** The part of a block in which a column is. */
  int part(int block, int column) {
    return block * ranges() + column / rangeColumns;
  }

  int block(int part) {
    return part / ranges();
  }

  int range(int part) {
    return part % ranges();
  }

  /** First column of a part. */
  int from(int part) {
    return range(part) * rangeColumns;
  }

  /** Column after the last of a part. */
  int to(int part) {
    return Math.min(columns, from(part) + rangeColumns);
  }

  /** Rows of a part. */
  int rows(int part) {
    return blocks.rows(block(part));
  }
}
