package ml.bqx.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;

/**
 * The Parquet files in which another engine has written its join: some columns of the plan, next to
 * each other there, for all rows of the spine.
 *
 * @param engine the engine, as the merge method is written
 * @param files paths of the files, which share the rows among them in any order; each has the key
 *     column and the columns, named by {@link #columnName}
 * @param firstColumn index in the plan of the first column that is in them
 * @param columns how many columns are in them, besides the key
 */
public record JoinedTable(String engine, List<String> files, int firstColumn, int columns) {
  /**
   * Name of a plan's column inside an engine: it needs no quotes in any SQL and does not depend on
   * case.
   *
   * @param column its index in the plan
   */
  public static String columnName(int column) {
    return "c" + column;
  }

  /**
   * Splits the columns into at most so many parts of about the same size, to be processed
   * concurrently.
   */
  List<SourcePlan> shares(int most) {
    List<SourcePlan> shares = new ArrayList<>();
    int size = Math.max(1, (columns + most - 1) / most);
    for (int from = firstColumn; from < firstColumn + columns; from += size) {
      int to = Math.min(from + size, firstColumn + columns);
      List<String> names = IntStream.range(from, to).mapToObj(JoinedTable::columnName).toList();
      String group = "columns %d to %d".formatted(from, to - 1);
      shares.add(SourcePlan.of(group, new Provenance.Foreign(engine), files, names, from));
    }

    return shares;
  }
}
