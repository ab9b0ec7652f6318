package ml.bqx.merge.plan;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.CheckpointFiles.FileSet;
import ml.bqx.options.MergeMethod;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.Type;

/**
 * The memory that reading the files of other tools takes: all keys of a group, then one column of
 * it at a time, of as many groups as are read at once. A group may have far more rows than the
 * training file.
 */
final class SourceMemory {
  /** Methods that read all groups in this process; the others' workers are elsewhere. */
  private static final Set<MergeMethod> HERE =
      EnumSet.of(MergeMethod.STREAM, MergeMethod.DUCKDB, MergeMethod.POLARS);

  /** Bytes of a row while keys are matched: the key in its file, of all files, and its place. */
  private static final int KEY_BYTES = 34;

  /** Bytes of a number while its column grows: the value and its validity, old and new. */
  private static final int NUMBER_BYTES = 22;

  private SourceMemory() {}

  /**
   * Makes sure that the groups can be read.
   *
   * @param footers of the files of each set
   * @param atOnce groups read at the same time
   * @param memory bytes that this process may use
   * @throws InvalidInputException naming the longest group, when there is too little
   */
  static void check(
      MergeMethod method,
      List<FileSet> sets,
      List<List<ParquetFooter>> footers,
      int atOnce,
      long memory) {
    if (!HERE.contains(method)) {
      return;
    }

    long needed =
        footers.stream()
            .map(SourceMemory::needed)
            .sorted(Comparator.reverseOrder())
            .limit(atOnce)
            .mapToLong(Long::longValue)
            .sum();
    if (needed > memory) {
      int longest = longest(footers);
      throw new InvalidInputException(
          "Cannot merge %s: it has %,d rows, and reading the longest %,d groups at once takes about %,d MB of memory, of which this process may use %,d MB; give it more (java -Xmx), or leave out rows without a target when writing the file"
              .formatted(
                  sets.get(longest).paths().get(0),
                  rows(footers.get(longest)),
                  Math.min(atOnce, footers.size()),
                  needed / 1_000_000,
                  memory / 1_000_000));
    }
  }

  private static int longest(List<List<ParquetFooter>> footers) {
    int longest = 0;
    for (int i = 1; i < footers.size(); i++) {
      longest = needed(footers.get(i)) > needed(footers.get(longest)) ? i : longest;
    }

    return longest;
  }

  private static long rows(List<ParquetFooter> footers) {
    return footers.stream().mapToLong(ParquetFooter::rows).sum();
  }

  private static long needed(List<ParquetFooter> footers) {
    long rows = rows(footers);
    long column = rows * NUMBER_BYTES;
    ParquetFooter first = footers.get(0);
    for (ColumnSchema schema : first.columns()) {
      if (schema.physical() == Type.BYTE_ARRAY) {
        column = Math.max(column, bytes(footers, schema.name()));
      }
    }

    return rows * KEY_BYTES + column;
  }

  /** Twice what the pages of a column of texts hold, because its array grows by copying. */
  private static long bytes(List<ParquetFooter> footers, String name) {
    long bytes = 0;
    for (ParquetFooter footer : footers) {
      int column = footer.indexOf(name);
      for (int group = 0; group < footer.rowGroups() && column >= 0; group++) {
        bytes += footer.chunk(group, column).metadata().getTotal_uncompressed_size();
      }
    }

    return 2 * bytes;
  }
}
