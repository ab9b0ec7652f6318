package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

/**
 * The rows of a table that can be joined.
 *
 * @param timestamps their timestamps, in microseconds since 1970 in UTC
 * @param rows their indices in the table
 * @param withoutTimestamp rows left out because their timestamp is null
 * @param incomplete rows left out because a column is null
 * @param repeated rows whose local time the clock showed twice
 */
record JoinKeys(
    long[] timestamps, int[] rows, long withoutTimestamp, long incomplete, long repeated) {
  /**
   * Reads the key of a table.
   *
   * @param required columns that must have a value in a row that is joined
   * @param range rows outside are as if they were not there
   */
  static JoinKeys of(SourceTable table, List<String> required, TimeRange range) throws IOException {
    KeyColumn.Key read = table.key();
    Longs key = read.moments();
    int[] inside =
        IntStream.range(0, key.size())
            .filter(row -> !key.isNull(row) && range.contains(key.values()[row]))
            .toArray();
    List<boolean[]> conditions = new ArrayList<>();
    for (String column : required) {
      addCondition(table.column(column), conditions);
    }

    int[] rows =
        Arrays.stream(inside)
            .filter(row -> conditions.stream().allMatch(valid -> valid[row]))
            .toArray();
    long[] timestamps = Arrays.stream(rows).mapToLong(row -> key.values()[row]).toArray();
    return new JoinKeys(
        timestamps, rows, key.nullCount(), (long) inside.length - rows.length, read.repeated());
  }

  private static void addCondition(ColumnVector column, List<boolean[]> conditions) {
    if (column.valid() != null) {
      conditions.add(column.valid());
    }
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

    int[] inTable =
        Arrays.stream(match.rows()).map(row -> row == RowGather.NO_ROW ? row : rows[row]).toArray();
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
