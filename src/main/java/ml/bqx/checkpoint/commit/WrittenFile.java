package ml.bqx.checkpoint.commit;

import java.util.List;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;

/**
 * Compares a new Parquet file with what was to be written, before it gets its final name. A
 * difference is a bug in this program.
 *
 * @param problem what cannot be done when they differ, for the message
 * @param footer the file's footer
 */
public record WrittenFile(String problem, ParquetFooter footer) {
  /**
   * Compares rows, columns and row groups.
   *
   * @param rowGroupRows rows of every row group but the last; 0 for any number
   */
  public void checkShape(long rows, List<ColumnSchema> columns, int rowGroupRows) {
    check("rows", rows, footer.rows());
    check("columns", columns.size(), footer.columns().size());
    for (int i = 0; i < columns.size(); i++) {
      ColumnSchema expected = columns.get(i);
      ColumnSchema found = footer.columns().get(i);
      check("name of column " + i, expected.name(), found.name());
      check("type of " + expected.name(), expected.typeName(), found.typeName());
    }

    if (rowGroupRows > 0) {
      checkRowGroups(rows, rowGroupRows);
    }
  }

  private void checkRowGroups(long rows, int rowGroupRows) {
    check("row groups", (rows + rowGroupRows - 1) / rowGroupRows, (long) footer.rowGroups());
    for (int group = 0; group < footer.rowGroups(); group++) {
      long left = rows - (long) group * rowGroupRows;
      check("rows of row group " + group, Math.min(rowGroupRows, left), footer.rows(group));
    }
  }

  /** Compares one property. */
  public void check(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException(
          "%s: %s should be %s, the written file has %s".formatted(problem, what, expected, found));
    }
  }
}
