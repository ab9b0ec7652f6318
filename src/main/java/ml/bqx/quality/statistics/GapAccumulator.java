package ml.bqx.quality.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import ml.bqx.checkpoint.Spine;

/** Finds the rows of the spine that a group lacks, run of rows by run of rows, in their order. */
final class GapAccumulator {
  private final int spineRows;
  private final int[] coverage = new int[GroupStatistics.BUCKETS];
  private final List<Run> runs = new ArrayList<>();

  /**
   * A run of missing rows.
   *
   * @param from its first row of the spine
   * @param to the first row behind it
   * @param first timestamp of its first row
   * @param last timestamp of its last row
   */
  private record Run(int from, int to, long first, long last) {
    int rows() {
      return to - from;
    }
  }

  GapAccumulator(int spineRows) {
    this.spineRows = spineRows;
  }

  /**
   * Adds the rows of a part of the spine, which follows the part before.
   *
   * @param match for each row its row in the source, negative when there is none
   */
  void add(int[] match, SpinePart part) {
    int row = 0;
    while (row < match.length) {
      if (match[row] >= 0) {
        coverage[SpinePart.bucket(part.firstRow() + row, coverage.length, spineRows)]++;
        row++;
        continue;
      }

      int end = row;
      while (end < match.length && match[end] < 0) {
        end++;
      }

      int from = part.firstRow() + row;
      append(new Run(from, part.firstRow() + end, part.timestamp(row), part.timestamp(end - 1)));
      row = end;
    }
  }

  private void append(Run run) {
    int last = runs.size() - 1;
    if (last >= 0 && runs.get(last).to == run.from) {
      Run before = runs.get(last);
      runs.set(last, new Run(before.from, run.to, before.first, run.last));
    } else {
      runs.add(run);
    }
  }

  /** Rows that are missing. */
  long rows() {
    return runs.stream().mapToLong(Run::rows).sum();
  }

  /** Runs of them. */
  long count() {
    return runs.size();
  }

  List<Integer> coverage() {
    return Arrays.stream(coverage).boxed().toList();
  }

  List<GroupStatistics.Gap> longest() {
    return runs.stream()
        .sorted(Comparator.comparingInt(Run::rows).reversed().thenComparingInt(Run::from))
        .limit(GroupStatistics.MOST_GAPS)
        .sorted(Comparator.comparingInt(Run::from))
        .map(
            run -> new GroupStatistics.Gap(Spine.text(run.first), Spine.text(run.last), run.rows()))
        .toList();
  }
}
