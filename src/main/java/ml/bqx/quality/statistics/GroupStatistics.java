package ml.bqx.quality.statistics;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of the rows of a feature group, or of the targets, and of its columns.
 *
 * @param group feature group, or {@code targets}
 * @param table source table, or the file that it was read from
 * @param checkpoint what it was made from: fingerprint of table, spine and options, and the
 *     checksums of the files
 * @param targets whether it holds the targets
 * @param rows rows of the spine
 * @param rowsRead rows of the source inside the spine's range
 * @param rowsMissing rows of the spine that the source lacks
 * @param rowsOutside rows of the source whose timestamp is not in the spine
 * @param rowsWithoutTimestamp rows of the source whose timestamp is null
 * @param duplicates rows of the source that repeat a timestamp
 * @param gaps runs of rows that are missing
 * @param longestGaps the longest of them in the order of time, at most {@link #MOST_GAPS}
 * @param coverage rows that are there in each of {@link #BUCKETS} even pieces of the spine
 * @param columns features or targets in their order
 * @param timing when it was extracted; null of what was read from a file
 */
public record GroupStatistics(
    String group,
    String table,
    String checkpoint,
    boolean targets,
    long rows,
    long rowsRead,
    long rowsMissing,
    long rowsOutside,
    long rowsWithoutTimestamp,
    long duplicates,
    long gaps,
    List<Gap> longestGaps,
    List<Integer> coverage,
    List<ColumnStatistics> columns,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Timing timing) {
  /** Gaps that are listed; thousands of single rows would tell nobody anything. */
  static final int MOST_GAPS = 20;

  /** Pieces of the spine whose rows are counted: as many as a chart shows side by side. */
  public static final int BUCKETS = 120;

  public GroupStatistics {
    longestGaps = ImmutableList.copyOf(longestGaps);
    coverage = ImmutableList.copyOf(coverage);
    columns = ImmutableList.copyOf(columns);
  }

  /**
   * When a group was extracted.
   *
   * @param began before its rows were read, ISO 8601
   * @param ended when its checkpoint was written
   */
  public record Timing(String began, String ended) {}

  /** How many percent of the rows of a piece of the spine are there; 100 where it has no rows. */
  public int coveragePercent(int bucket) {
    int all = (int) rows;
    int there = SpinePart.start(bucket + 1, BUCKETS, all) - SpinePart.start(bucket, BUCKETS, all);
    return there == 0 ? 100 : Math.round(100f * coverage.get(bucket) / there);
  }

  /** The same rows with some of the columns. */
  GroupStatistics only(Set<String> names) {
    return new GroupStatistics(
        group,
        table,
        checkpoint,
        targets,
        rows,
        rowsRead,
        rowsMissing,
        rowsOutside,
        rowsWithoutTimestamp,
        duplicates,
        gaps,
        longestGaps,
        coverage,
        columns.stream().filter(column -> names.contains(column.name())).toList(),
        timing);
  }

  /** What kind of group it is: the first word of its name; {@code targets} for the targets. */
  @JsonIgnore
  public String category() {
    int end = group.indexOf('_');
    return end < 0 ? group : group.substring(0, end);
  }

  /**
   * Rows of the spine that follow each other and that a group lacks.
   *
   * @param from timestamp of the first, ISO 8601
   * @param to timestamp of the last, ISO 8601
   * @param rows how many
   */
  public record Gap(String from, String to, long rows) {}
}
