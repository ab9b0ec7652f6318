package ml.bqx.verify;

import java.util.List;

/**
 * How a training file compares with the warehouse it comes from.
 *
 * @param rows rows that the file should have: those of the spine
 * @param columns columns that it should have
 * @param notChosen columns of the warehouse that the training file was not to have
 * @param differences all differences; empty when there are none
 */
public record WarehouseComparison(
    long rows, int columns, int notChosen, List<Difference> differences) {
  /**
   * Something that differs.
   *
   * @param table the warehouse's table that it comes from, or {@code training file}
   * @param column the column in the training file; empty when no single column is concerned
   */
  public record Difference(String table, String column, String what) {
    @Override
    public String toString() {
      return column.isEmpty()
          ? "%s: %s".formatted(table, what)
          : "%s (%s): %s".formatted(column, table, what);
    }
  }

  public WarehouseComparison {
    differences = List.copyOf(differences);
  }

  /** Whether the file matches the warehouse. */
  public boolean same() {
    return differences.isEmpty();
  }
}
