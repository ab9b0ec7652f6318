package ml.bqx.merge;

import java.io.Serializable;

/**
 * How the spine is cut into row blocks.
 *
 * @param spineRows rows of the spine
 * @param blockRows rows of every block but the last
 */
public record BlockLayout(int spineRows, int blockRows) implements Serializable {
  /** Number of blocks. */
  public int blocks() {
    return (int) ((spineRows + (long) blockRows - 1) / blockRows);
  }

  /** First spine row of a block. */
  public int from(int block) {
    return block * blockRows;
  }

  /** Spine row after the last of a block. */
  public int to(int block) {
    return (int) Math.min(spineRows, (block + 1L) * blockRows);
  }

  /** Rows of a block. */
  public int rows(int block) {
    return to(block) - from(block);
  }
}
