package ml.bqx.merge.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;

/**
 * One checkpoint that another engine is going to join, checked before the engine starts: its pages
 * are compared with their checksums, which engines ignore, and its timestamps are counted as in
 * every method.
 *
 * @param plan where it is and what its columns are
 * @param targets whether it makes the spine: rows with a null in any column are left out
 * @param positional whether its rows are exactly those of the spine, in order, so that no join is
 *     needed
 * @param counts how it joins
 */
record EngineSource(SourcePlan plan, boolean targets, boolean positional, JoinCounts counts) {
  /**
   * Checks all checkpoints of a merge, several at once.
   *
   * @param directory where files are put that an engine reads in place of a checkpoint's, and those
   *     of a bucket
   * @throws ml.bqx.failure.InvalidInputException when timestamps repeat and the policy is to fail
   * @throws ml.bqx.parquet.InvalidParquetException when a page is damaged
   */
  static List<EngineSource> of(PlannedMerge merge, Path directory) throws IOException {
    return ParallelCalls.of(
        Runtime.getRuntime().availableProcessors(),
        merge.plan().sources(),
        source -> of(merge, source, directory));
  }

  /**
   * Compares the files that an engine has read by itself, copies and staged ones among them, with
   * their checksums once more: what is damaged now may have been damaged then.
   *
   * @throws ml.bqx.parquet.InvalidParquetException when one is damaged
   */
  static void checkAgain(PlannedMerge merge, List<EngineSource> sources) throws IOException {
    ParallelCalls.of(
        Runtime.getRuntime().availableProcessors(),
        sources,
        source -> {
          try (SourceTable table = SourceTable.open(merge.storage(), source.plan())) {
            table.checkPages();
            return source;
          }
        });
  }

  private static EngineSource of(PlannedMerge merge, SourcePlan source, Path directory)
      throws IOException {
    SourcePlan local = local(merge, source, directory);
    try (SourceTable table = SourceTable.open(merge.storage(), local)) {
      table.checkPages();
      JoinedRows joined = table.join(merge, merge.config().onDuplicate());
      boolean positional =
          joined.aligned() || (isSequence(joined.rows()) && table.rows() == joined.rows().length);
      Path file = directory.resolve("source-%s.parquet".formatted(UUID.randomUUID()));
      if (makesAnotherSpine(merge, source)) {
        // What decides about the rows is not all in the columns that the engine gets.
        SourcePlan rows = StagedSource.write(merge, local, table, joined, file);
        return new EngineSource(rows, true, true, joined.counts());
      }

      SourcePlan read =
          StagedSource.isNeeded(merge, local, table)
              ? StagedSource.write(merge, local, table, file)
              : local;
      return new EngineSource(read, merge.isTargets(source), positional, joined.counts());
    }
  }

  private static boolean makesAnotherSpine(PlannedMerge merge, SourcePlan source) {
    return merge.isTargets(source) && (!source.whole() || merge.config().choice().choosesRows());
  }

  /** The checkpoint with its files on this machine: those of a bucket are copied. */
  private static SourcePlan local(PlannedMerge merge, SourcePlan source, Path directory)
      throws IOException {
    List<String> files = new ArrayList<>();
    for (String file : source.files()) {
      if (Storage.isLocal(file)) {
        files.add(file);
      } else {
        Path copy = directory.resolve("checkpoint-%s.parquet".formatted(UUID.randomUUID()));
        merge.storage().copy(file, copy);
        files.add(copy.toString());
      }
    }

    return source.in(files);
  }

  private static boolean isSequence(int[] rows) {
    return IntStream.range(0, rows.length).allMatch(row -> rows[row] == row);
  }

  /** Whether a timestamp of the spine is there more than once. */
  boolean hasDuplicates() {
    return counts.duplicates() > 0;
  }

  /** What joining all of them fills and leaves out. */
  static JoinCounts sum(List<EngineSource> sources) {
    return JoinCounts.sum(sources.stream().map(EngineSource::counts).toList());
  }
}
