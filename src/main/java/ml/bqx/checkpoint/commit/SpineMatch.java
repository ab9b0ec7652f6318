package ml.bqx.checkpoint.commit;

import java.util.Arrays;
import ml.bqx.checkpoint.Spine;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.RowGather;

/**
 * Which row of a table belongs to each row of the spine: the left join.
 *
 * @param rows for each spine row the table's row, or {@link RowGather#NO_ROW}
 * @param missing spine rows that the table lacks
 * @param outside table rows whose timestamp is not in the spine
 * @param duplicates table rows beyond the first of their timestamp, among those in the spine
 * @param firstDuplicate the timestamp of the first such row; meaningless when there is none
 */
public record SpineMatch(
    int[] rows, int missing, long outside, long duplicates, long firstDuplicate) {

  /**
   * Matches a table with the spine.
   *
   * @param timestamps the table's timestamps in any order
   * @param policy which row of a repeated timestamp counts; FAIL keeps the first and leaves it to
   *     the caller to look at {@link #duplicates}
   */
  public static SpineMatch of(Spine spine, long[] timestamps, DuplicatePolicy policy) {
    int[] rows = new int[spine.rows()];
    int same = firstRows(spine, timestamps);
    for (int row = 0; row < same; row++) {
      rows[row] = row;
    }

    Arrays.fill(rows, same, rows.length, RowGather.NO_ROW);
    int missing = rows.length - same;
    long outside = 0;
    long duplicates = 0;
    long firstDuplicate = 0;
    int guess = same;
    for (int row = same; row < timestamps.length; row++) {
      int at = spine.rowOf(timestamps[row], guess);
      if (at < 0) {
        outside++;
        continue;
      }

      guess = at + 1;
      if (rows[at] == RowGather.NO_ROW) {
        rows[at] = row;
        missing--;
        continue;
      }

      firstDuplicate = duplicates == 0 ? timestamps[row] : firstDuplicate;
      duplicates++;
      if (policy == DuplicatePolicy.LAST) {
        rows[at] = row;
      }
    }

    return new SpineMatch(rows, missing, outside, duplicates, firstDuplicate);
  }

  /** How many rows of the table, from its first on, are those of the spine: often all. */
  private static int firstRows(Spine spine, long... timestamps) {
    int mismatch = Arrays.mismatch(spine.timestamps(), timestamps);
    return mismatch < 0 ? timestamps.length : mismatch;
  }

  /** Error message about repeated timestamps, naming the option that resolves them. */
  public String duplicatesInWords() {
    return "%,d rows repeat the timestamp of another row, the first at %s; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last"
        .formatted(duplicates, Spine.text(firstDuplicate));
  }
}
