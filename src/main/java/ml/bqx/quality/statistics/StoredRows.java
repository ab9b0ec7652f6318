package ml.bqx.quality.statistics;

import java.util.List;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.MatchedBatch;
import ml.bqx.checkpoint.commit.SpineMatch;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RowGather;

/**
 * Rows of a group that are read from a file, as the extraction had them. A file whose rows are the
 * spine no longer tells a row that was missing from one in which every column is null: both count
 * as missing.
 */
final class StoredRows {
  private StoredRows() {}

  /** Rows whose timestamps are these, in any order. */
  static MatchedBatch of(Spine spine, long[] timestamps, List<ColumnVector> columns) {
    SpineMatch match = SpineMatch.of(spine, timestamps, DuplicatePolicy.FIRST);
    ColumnBatch batch = new ColumnBatch(timestamps, columns, 0);
    int[] rows = match.rows();
    int missing = 0;
    for (int row = 0; row < rows.length; row++) {
      if (rows[row] != RowGather.NO_ROW && isEmpty(columns, rows[row])) {
        rows[row] = RowGather.NO_ROW;
      }

      missing += rows[row] == RowGather.NO_ROW ? 1 : 0;
    }

    return new MatchedBatch(
        batch,
        spine,
        new SpineMatch(rows, missing, match.outside(), match.duplicates(), match.firstDuplicate()));
  }

  private static boolean isEmpty(List<ColumnVector> columns, int row) {
    for (ColumnVector column : columns) {
      if (!column.isNull(row)) {
        return false;
      }
    }

    return true;
  }
}
