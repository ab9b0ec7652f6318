package ml.bqx.merge.engine;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import ml.bqx.merge.JoinCounts;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.options.MergeConfig;

/**
 * The merge by an embedded DuckDB: it joins some checkpoints at a time with the spine, by position
 * where their rows are the spine's and with left joins otherwise. What it has joined goes from a
 * file between to the training file, which DuckDB itself could not write as it must be, and is
 * deleted before the next.
 *
 * <p>All in one query, 667 checkpoints take more memory than most machines have. Joined a few at a
 * time, the memory and disk needed do not depend on how many there are.
 */
public final class DuckDbMerge {
  /**
   * Checkpoints of one query: of 10,080 rows and 6,484 columns, 16 at a time took a third of the
   * time of 50 at a time, and 0.5 GB instead of 0.8 GB.
   */
  private static final int BATCH = 16;

  private DuckDbMerge() {}

  /**
   * Writes and publishes the training file.
   *
   * @param temporary where it is written before it is verified
   * @param spillParent directory for what DuckDB writes besides
   * @param progress is told how many checkpoints are done
   * @throws ml.bqx.failure.InvalidInputException when DuckDB lacks memory or disk
   */
  public static JoinCounts run(
      PlannedMerge merge, String temporary, Path spillParent, LongConsumer progress)
      throws IOException {
    MergeConfig config = merge.config();
    List<EngineSource> sources = EngineSource.of(merge);
    try (SpillDirectory spill = SpillDirectory.create(spillParent);
        DuckDbJoin duckDb =
            DuckDbJoin.start(config.engine(), config.onDuplicate(), spill.resolve("spilled"));
        TrainingFileWriter file = TrainingFileWriter.create(merge, temporary)) {
      duckDb.makeSpine(sources.get(0));
      int done = 0;
      for (List<EngineSource> batch : Lists.partition(withColumns(sources), BATCH)) {
        Path joined = spill.resolve("joined.parquet");
        file.writeJoined(duckDb.join(batch, joined));
        Files.delete(joined);
        done += batch.size();
        progress.accept(done);
      }

      file.publish();
    }

    return EngineSource.sum(sources);
  }

  /** A checkpoint may have nothing but a key. */
  private static List<EngineSource> withColumns(List<EngineSource> sources) {
    return sources.stream().filter(source -> !source.plan().columns().isEmpty()).toList();
  }
}
