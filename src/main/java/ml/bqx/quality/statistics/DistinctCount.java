package ml.bqx.quality.statistics;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;

/**
 * Estimates how many different values there are, by <a
 * href="https://arxiv.org/abs/2308.16862">UltraLogLog</a>.
 */
final class DistinctCount {
  /** 2,048 registers: the number of distinct values is off by 1.7 % (a standard deviation). */
  private static final int REGISTER_BITS = 11;

  private final UltraLogLog sketch = UltraLogLog.create(REGISTER_BITS);

  /** Six bits of each are its highest position, the other two whether the next lower ones were. */
  private final byte[] registers = sketch.getState();

  /**
   * Adds a value.
   *
   * @param hash of it
   */
  void add(long hash) {
    int register = registers[(int) (hash >>> (Long.SIZE - REGISTER_BITS))] & 0xff;
    int position = Long.numberOfLeadingZeros(hash << REGISTER_BITS) + REGISTER_BITS - 1;
    // After a few thousand values, nearly all are below what their register knows of.
    if (position >= (register >>> 2) - 2) {
      sketch.add(hash);
    }
  }

  /** Adds all that another has seen. */
  void merge(DistinctCount other) {
    sketch.add(other.sketch);
  }

  /** About how many there are, which may be more than were added. */
  long estimate() {
    return Math.round(sketch.getDistinctCountEstimate());
  }
}
