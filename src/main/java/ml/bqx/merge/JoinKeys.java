package ml.bqx.merge;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.SpineMatch;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.KeyColumn;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.RowGather;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.training.JoinCounts;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The rows of a table that can be joined.
 *
 * @param timestamps their timestamps, in microseconds since 1970 in UTC
 * @param rows their indices in the table; null when they are all of its rows
 * @param withoutTimestamp rows left out because their timestamp is null
 * @param incomplete rows left out because a column is null
 * @param repeated rows whose local time the clock showed twice
 */
record JoinKeys(
    long[] timestamps,
    int @Nullable [] rows,
    long withoutTimestamp,
    long incomplete,
    long repeated) {
  /**
   * Reads the key of a table.
   *
   * @param required columns that must have a value in a row that is joined
   * @param range rows outside are as if they were not there
   */
  static JoinKeys of(SourceTable table, List<String> required, TimeRange range) throws IOException {
    KeyColumn.Key read = table.key();
    Longs key = read.moments();
    long[] moments = key.values();
    if (required.isEmpty() && areInside(key, range)) {
      return new JoinKeys(moments, null, 0, 0, read.repeated());
    }

    int[] inside = new int[key.size()];
    int count = 0;
    for (int row = 0; row < inside.length; row++) {
      if (!key.isNull(row) && range.contains(moments[row])) {
        inside[count++] = row;
      }
    }

    int kept = count;
    for (String column : required) {
      kept = withValue(table.column(column), inside, kept);
    }

    int[] rows = Arrays.copyOf(inside, kept);
    long[] timestamps = new long[kept];
    Arrays.setAll(timestamps, i -> moments[rows[i]]);
    return new JoinKeys(timestamps, rows, key.nullCount(), (long) count - kept, read.repeated());
  }

  /** Whether all rows have a timestamp in the range. */
  private static boolean areInside(Longs key, TimeRange range) {
    boolean inside = key.nullCount() == 0;
    for (long moment : key.values()) {
      inside &= range.contains(moment);
    }

    return inside;
  }

  /** Moves the rows that have a value in the column to the front; returns how many there are. */
  private static int withValue(ColumnVector column, int[] rows, int count) {
    boolean[] valid = column.valid();
    if (valid == null) {
      return count;
    }

    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      rows[kept] = row;
      kept += valid[row] ? 1 : 0;
    }

    return kept;
  }

  /**
   * Which row of the table belongs to each row of the spine.
   *
   * @param file for messages
   * @throws InvalidInputException when timestamps repeat and the policy is to fail
   */
  JoinedRows match(String file, Spine spine, DuplicatePolicy policy) {
    SpineMatch match = SpineMatch.of(spine, timestamps, policy);
    if (match.duplicates() > 0 && policy == DuplicatePolicy.FAIL) {
      throw new InvalidInputException(
          "Cannot merge %s: %s".formatted(file, match.duplicatesInWords()));
    }

    int[] inTable = match.rows();
    for (int i = 0; i < inTable.length && rows != null; i++) {
      inTable[i] = inTable[i] == RowGather.NO_ROW ? RowGather.NO_ROW : rows[inTable[i]];
    }

    return new JoinedRows(
        false,
        inTable,
        new JoinCounts(
            match.missing(),
            match.outside(),
            withoutTimestamp,
            match.duplicates(),
            incomplete,
            repeated,
            ValueLosses.NONE));
  }
}
