package ml.bqx.quality.statistics;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.commit.CheckpointObserver;
import ml.bqx.checkpoint.commit.CheckpointSchema;
import ml.bqx.checkpoint.commit.MatchedBatch;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.quality.statistics.GroupStatistics.Timing;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the statistics of a group while its checkpoint is made, shard by shard. Memory: a sample of
 * each column, about 40 kB, and 40 bytes for each gap.
 */
public final class GroupAccumulator implements CheckpointObserver {
  private final int spineRows;
  private final List<ColumnAccumulator> columns;
  private final GapAccumulator gaps;
  private final Instant began = Instant.now();

  /**
   * Statistics of columns.
   *
   * @param spineRows rows of the whole spine
   */
  GroupAccumulator(int spineRows, List<ColumnSchema> columns) {
    this.spineRows = spineRows;
    this.columns = columns.stream().map(ColumnAccumulator::new).toList();
    this.gaps = new GapAccumulator(spineRows);
  }

  /**
   * Statistics of a group's columns among so many rows of the spine.
   *
   * @param floatType of FLOAT64 columns in the checkpoint
   */
  public static GroupAccumulator of(FeatureGroup group, FloatType floatType, int spineRows) {
    List<ColumnSchema> schema = CheckpointSchema.of(group, floatType);
    return new GroupAccumulator(spineRows, schema.subList(1, schema.size()));
  }

  @Override
  public void add(MatchedBatch rows, int firstRow) {
    SpinePart part = new SpinePart(rows.spine().timestamps(), firstRow, spineRows);
    int[] match = rows.match().rows();
    gaps.add(match, part);
    GatheredValues room = new GatheredValues(part.longestSegment());
    // Column by column in each segment: which rows are there is the same for most of them.
    for (int row = 0; row < part.rows(); row = part.end(part.segment(row))) {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).add(rows.batch().columns().get(i), match, part, row, room);
      }
    }
  }

  @Override
  public Optional<Object> record(CheckpointEntry entry) {
    Timing timing = new Timing(began.toString(), Instant.now().toString());
    return Optional.of(statistics(entry, timing));
  }

  /** The statistics of all rows that were added, which made this checkpoint. */
  GroupStatistics statistics(CheckpointEntry entry) {
    return statistics(entry, null);
  }

  private GroupStatistics statistics(CheckpointEntry entry, @Nullable Timing timing) {
    return new GroupStatistics(
        entry.group(),
        entry.dataset() + "." + entry.table(),
        key(entry),
        entry.category() == Category.TARGETS,
        spineRows,
        entry.rowsRead(),
        entry.rowsMissing(),
        entry.rowsOutside(),
        entry.rowsWithoutTimestamp(),
        entry.duplicates(),
        gaps.count(),
        gaps.longest(),
        gaps.coverage(),
        columns(),
        timing);
  }

  /** The statistics of rows that are not those of a checkpoint: nobody counted what was dropped. */
  GroupStatistics statistics(String group, String source, boolean targets) {
    long missing = gaps.rows();
    return new GroupStatistics(
        group,
        source,
        "",
        targets,
        spineRows,
        spineRows - missing,
        missing,
        0,
        0,
        0,
        gaps.count(),
        gaps.longest(),
        gaps.coverage(),
        columns(),
        null);
  }

  private List<ColumnStatistics> columns() {
    return columns.stream().map(ColumnAccumulator::statistics).toList();
  }

  /** What tells a checkpoint from every other: statistics of another one are not its own. */
  static String key(CheckpointEntry entry) {
    return entry.fingerprint()
        + entry.files().stream()
            .map(CheckpointFile::crc32c)
            .map("-"::concat)
            .collect(Collectors.joining());
  }
}
