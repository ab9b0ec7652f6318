package ml.bqx.warehouse.duckdb;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType.Kind;

/**
 * Arrays for the columns of a table, which are used again for the next table: new ones of that size
 * would be most of what the garbage collector has to do. One thread at a time.
 */
final class ReadRoom {
  private final Map<Kind, List<DuckDbColumn>> room = new EnumMap<>(Kind.class);

  /**
   * Collectors of columns, in the arrays of those before.
   *
   * @param rows how many will come
   */
  List<DuckDbColumn> columns(List<Column> wanted, int rows) {
    Map<Kind, Integer> taken = new EnumMap<>(Kind.class);
    List<DuckDbColumn> columns = new ArrayList<>();
    for (Column column : wanted) {
      Kind kind = column.supportedType().kind();
      int next = taken.merge(kind, 1, Integer::sum) - 1;
      columns.add(column(room.computeIfAbsent(kind, none -> new ArrayList<>()), kind, next, rows));
    }

    return columns;
  }

  private static DuckDbColumn column(List<DuckDbColumn> of, Kind kind, int index, int rows) {
    if (index == of.size()) {
      of.add(DuckDbColumn.of(kind, rows));
    } else if (of.get(index).capacity() < rows) {
      of.set(index, DuckDbColumn.of(kind, rows));
    }

    of.get(index).clear();
    return of.get(index);
  }
}
