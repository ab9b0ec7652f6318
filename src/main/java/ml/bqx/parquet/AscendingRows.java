package ml.bqx.parquet;

import java.util.Arrays;
import java.util.Optional;

/**
 * A join that takes rows of a table in their order, each at most once: which rows of the spine have
 * one, and which rows of the table are passed over. Such a table is read forward, a few pages at a
 * time.
 */
public final class AscendingRows {
  private final RowBits matched = new RowBits();

  /** Runs of rows of the table that are taken; the first begins with its first row. */
  private int[] starts = new int[1];

  private int[] ends = new int[1];
  private int runs = 1;

  private AscendingRows() {}

  /**
   * The join in this form, where it has it.
   *
   * @param index for each wanted row its row in the table, or {@link RowGather#NO_ROW}
   */
  public static Optional<AscendingRows> of(int... index) {
    AscendingRows rows = new AscendingRows();
    int last = -1;
    for (int from = 0; from < index.length; from += Long.SIZE) {
      int count = Math.min(Long.SIZE, index.length - from);
      long word = 0;
      for (int i = 0; i < count; i++) {
        int row = index[from + i];
        // Where rows are missing is what a processor cannot guess: nothing is decided by that.
        boolean found = row != RowGather.NO_ROW;
        word |= (found ? 1L : 0) << i;
        if (found & row != last + 1) {
          if (row <= last) {
            return Optional.empty();
          }

          rows.beginRun(row, last + 1);
        }

        last = found ? row : last;
      }

      rows.matched.append(word, count);
    }

    rows.ends[rows.runs - 1] = last + 1;
    return Optional.of(rows);
  }

  private void beginRun(int start, int lastEnd) {
    ends[runs - 1] = lastEnd;
    if (runs == starts.length) {
      starts = Arrays.copyOf(starts, 2 * runs);
      ends = Arrays.copyOf(ends, 2 * runs);
    }

    starts[runs++] = start;
  }

  /** For each wanted row whether the table has it. */
  RowBits matched() {
    return matched;
  }

  /** The row of the table that a run begins with. */
  int start(int run) {
    return starts[run];
  }

  /** The row of the table behind a run. */
  int end(int run) {
    return ends[run];
  }
}
