package ml.bqx.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an engine other than ours has joined, as the Parquet files it wrote: some columns of the
 * training file, next to each other there, for all rows of the spine.
 *
 * @param engine the engine, as the merge method is written
 * @param files paths of the files, which share the rows among them in any order; each has the key
 *     column and the columns, named by {@link #columnName}
 * @param firstColumn index in the training file of the first column that is in them
 * @param columns how many columns are in them, besides the key
 */
public record JoinedTable(String engine, List<String> files, int firstColumn, int columns) {
  /**
   * What a column of the training file is called on its way through an engine: a name that needs no
   * quotes in any SQL, and is the same in lower and upper case.
   *
   * @param column its index in the training file
   */
  public static String columnName(int column) {
    return "c" + column;
  }

  /** The columns in at most so many shares of about the same size, to be worked on at once. */
  List<SourcePlan> shares(int most) {
    List<SourcePlan> shares = new ArrayList<>();
    int size = Math.max(1, (columns + most - 1) / most);
    for (int from = firstColumn; from < firstColumn + columns; from += size) {
      int to = Math.min(from + size, firstColumn + columns);
      List<String> names = IntStream.range(from, to).mapToObj(JoinedTable::columnName).toList();
      String group = "columns %d to %d".formatted(from, to - 1);
      shares.add(new SourcePlan(group, new Provenance.Foreign(engine), files, names, from));
    }

    return shares;
  }
}
