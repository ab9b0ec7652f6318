package ml.bqx.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;

/**
 * Makes the footer of a file that is other files one behind the other. No page is touched: only
 * offsets change, because chunks may be anywhere in a file and readers follow the footer.
 */
public final class Composer {
  private Composer() {}

  /**
   * A file whose bytes are part of the new file.
   *
   * @param footer the file's own footer
   * @param shift how many bytes they have moved back, compared with the file itself; may be
   *     negative
   */
  public record Part(ParquetFooter footer, long shift) {}

  /**
   * A column of the new file.
   *
   * @param schema its name and type there
   * @param part index of the part that holds it
   * @param column index of the column in that part
   */
  public record PartColumn(ColumnSchema schema, int part, int column) {}

  /**
   * Rows append and columns join: the row groups of all parts of a list, in order, with the columns
   * of all lists.
   *
   * @param ranges parts that have the same columns each, and row groups as those of the first list
   * @param order for each column of the new file its index among those of all lists
   * @return footer, its length and the magic: what ends the new file
   * @throws InvalidParquetException when a part's columns differ from the first one's of its list,
   *     or a list's row groups from those of the first
   */
  public static byte[] tiled(
      List<List<Part>> ranges, List<Integer> order, Map<String, String> keyValues)
      throws IOException {
    List<Part> wholes = new ArrayList<>();
    List<PartColumn> columns = new ArrayList<>();
    for (List<Part> range : ranges) {
      ParquetFooter whole = appended(range);
      for (int column = 0; column < whole.columns().size(); column++) {
        columns.add(new PartColumn(whole.columns().get(column), wholes.size(), column));
      }

      wholes.add(new Part(whole, 0));
    }

    return sideBySide(wholes, order.stream().map(columns::get).toList(), keyValues);
  }

  /**
   * The footer of a file whose rows are those of all parts, with offsets in the new file, to be
   * composed further.
   *
   * @throws InvalidParquetException when a part's columns differ from the first one's
   */
  public static ParquetFooter appended(List<Part> parts) throws IOException {
    ParquetFooter first = parts.get(0).footer();
    List<RowGroup> rowGroups = new ArrayList<>();
    long bodyEnd = 0;
    for (Part part : parts) {
      ParquetFooter footer = part.footer();
      checkSameColumns(first, footer);
      for (int group = 0; group < footer.rowGroups(); group++) {
        List<ColumnChunk> chunks = new ArrayList<>(first.columns().size());
        for (int column = 0; column < first.columns().size(); column++) {
          chunks.add(moved(part, group, column, first.columns().get(column).name()));
        }

        rowGroups.add(Footers.rowGroup(chunks, footer.rows(group), rowGroups.size()));
      }

      bodyEnd = Math.max(bodyEnd, footer.bodyEnd() + part.shift());
    }

    return ParquetFooter.of(
        first.file(),
        Footers.file(first.columns(), rowGroups, Map.of()),
        bodyEnd,
        bodyEnd,
        Optional.empty());
  }

  /**
   * Columns join: every row group has the columns of all parts.
   *
   * @return footer, its length and the magic: what ends the new file
   * @throws InvalidParquetException when a part has other row groups than the first, or a column
   *     another type there than in the new file
   */
  public static byte[] sideBySide(
      List<Part> parts, List<PartColumn> columns, Map<String, String> keyValues)
      throws IOException {
    ParquetFooter first = parts.get(0).footer();
    for (Part part : parts) {
      checkSameRowGroups(first, part.footer());
    }

    for (PartColumn column : columns) {
      checkFits(column, parts.get(column.part()).footer());
    }

    List<RowGroup> rowGroups = new ArrayList<>();
    for (int group = 0; group < first.rowGroups(); group++) {
      List<ColumnChunk> chunks = new ArrayList<>(columns.size());
      for (PartColumn column : columns) {
        chunks.add(moved(parts.get(column.part()), group, column.column(), column.schema().name()));
      }

      rowGroups.add(Footers.rowGroup(chunks, first.rows(group), group));
    }

    List<ColumnSchema> schema = columns.stream().map(PartColumn::schema).toList();
    return Footers.tail(Footers.file(schema, rowGroups, keyValues));
  }

  private static void checkSameColumns(ParquetFooter first, ParquetFooter other)
      throws InvalidParquetException {
    int columns = Math.max(first.columns().size(), other.columns().size());
    for (int column = 0; column < columns; column++) {
      String expected = inWords(first, column);
      String found = inWords(other, column);
      if (!found.equals(expected)
          || !first.columns().get(column).equals(other.columns().get(column))) {
        throw new InvalidParquetException(
            "Cannot append %s: its columns are not those of %s (column %d is %s, not %s)"
                .formatted(other.file(), first.file(), column, found, expected));
      }
    }
  }

  private static String inWords(ParquetFooter footer, int column) {
    if (column >= footer.columns().size()) {
      return "missing";
    }

    ColumnSchema schema = footer.columns().get(column);
    return "%s %s %s"
        .formatted(schema.name(), schema.typeName(), schema.element().getRepetition_type());
  }

  private static void checkSameRowGroups(ParquetFooter first, ParquetFooter other)
      throws InvalidParquetException {
    int groups = Math.max(first.rowGroups(), other.rowGroups());
    for (int group = 0; group < groups; group++) {
      long expected = group < first.rowGroups() ? first.rows(group) : 0;
      long found = group < other.rowGroups() ? other.rows(group) : 0;
      if (found != expected || group >= first.rowGroups() || group >= other.rowGroups()) {
        throw new InvalidParquetException(
            "Cannot join %s: its row groups are not those of %s (%d rows in row group %d, not %d)"
                .formatted(other.file(), first.file(), found, group, expected));
      }
    }
  }

  /** Whether a column is null decides how its pages look, so a chunk cannot change that. */
  private static void checkFits(PartColumn column, ParquetFooter footer)
      throws InvalidParquetException {
    ColumnSchema stored = footer.columns().get(column.column());
    if (!stored.sameType(column.schema()) || stored.required() != column.schema().required()) {
      throw new InvalidParquetException(
          "Cannot join %s: column %s is %s %s, it must be %s %s"
              .formatted(
                  footer.file(),
                  stored.name(),
                  stored.typeName(),
                  stored.element().getRepetition_type(),
                  column.schema().typeName(),
                  column.schema().element().getRepetition_type()));
    }
  }

  private static ColumnChunk moved(Part part, int group, int column, String name) {
    ColumnChunk chunk =
        Footers.moved(part.footer().chunk(group, column).metadata(), name, part.shift());
    if (!part.footer().hasOrderedBounds(column)) {
      // The new footer says that bounds can be relied on, this part's own does not.
      chunk
          .getMeta_data()
          .setStatistics(Footers.withoutBounds(chunk.getMeta_data().getStatistics()));
    }

    return chunk;
  }
}
