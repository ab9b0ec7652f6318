package ml.bqx.cli;

import com.google.common.base.Strings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table for a terminal or a log: each column is as wide as its widest cell. */
public final class TextTable {
  private static final String GAP = "  ";
  private static final char RIGHT = 'r';

  private final String alignment;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param alignment one letter a column: {@code l} for left, {@code r} for right
   */
  public TextTable(String alignment) {
    this.alignment = alignment;
  }

  /**
   * Adds a row.
   *
   * @param cells one a column; or a single one, which is a heading and may be of any width
   */
  public TextTable row(Object... cells) {
    rows.add(Arrays.stream(cells).map(Object::toString).toList());
    return this;
  }

  /** The rows, indented by two spaces, with a line break behind each. */
  @Override
  public String toString() {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int column = 0; !isHeading(row) && column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }

    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(line(row, widths).stripTrailing()).append('\n'));
    return text.toString();
  }

  /** The rows below the first one, whose cells name the fields; aligned right are numbers. */
  List<Map<String, Object>> objects() {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        object.put(
            Summary.key(rows.get(0).get(column)),
            alignment.charAt(column) == RIGHT ? new BigDecimal(cell.replace(",", "")) : cell);
      }

      objects.add(object);
    }

    return objects;
  }

  private static boolean isHeading(List<String> row) {
    return row.size() == 1;
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      line.append(GAP)
          .append(
              alignment.charAt(column) == RIGHT
                  ? Strings.padStart(cell, widths[column], ' ')
                  : Strings.padEnd(cell, widths[column], ' '));
    }

    return line.toString();
  }
}
