package ml.bqx.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Checks a footer's parts against each other and against the size of the file. */
final class FooterCheck {
  private final ParquetFooter footer;
  private final String file;

  FooterCheck(ParquetFooter footer) {
    this.footer = footer;
    this.file = footer.file();
  }

  /**
   * The columns of a schema: what is right under its root.
   *
   * @param leaves is given, for each column, how many leaves come before it: the chunk of a flat
   *     column is in that place of a row group. Its last entry is how many leaves there are.
   */
  static List<ColumnSchema> columns(String file, List<SchemaElement> schema, List<Integer> leaves)
      throws InvalidParquetException {
    List<ColumnSchema> columns = new ArrayList<>();
    int announced = schema.isEmpty() ? 0 : schema.get(0).getNum_children();
    int next = 1;
    int leaf = 0;
    while (next < schema.size() && columns.size() < announced) {
      checkElement(file, schema.get(next));
      columns.add(new ColumnSchema(schema.get(next)));
      leaves.add(leaf);
      // Elements follow each other depth first; open are those whose place has come.
      for (long open = 1; open > 0 && next < schema.size(); next++) {
        SchemaElement element = schema.get(next);
        leaf += element.isSetType() ? 1 : 0;
        open += (element.isSetType() ? 0 : Math.max(0, element.getNum_children())) - 1;
      }
    }

    leaves.add(leaf);
    if (schema.isEmpty() || next != schema.size() || columns.size() != announced) {
      throw ParquetFooter.broken(
          file,
          "its schema has %d columns and announces %d"
              .formatted(
                  columns.size() + schema.size() - Math.min(next, schema.size()), announced));
    }

    return List.copyOf(columns);
  }

  private static void checkElement(String file, SchemaElement element)
      throws InvalidParquetException {
    boolean sized = element.getType() != Type.FIXED_LEN_BYTE_ARRAY || element.getType_length() > 0;
    boolean typed = element.isSetType() || element.getNum_children() > 0;
    if (!element.isSetRepetition_type() || !sized || !typed) {
      String missing = sized ? "whether it is required" : "how long values are";
      throw ParquetFooter.broken(
          file,
          "column %s does not say %s"
              .formatted(element.getName(), typed ? missing : "of which type it is"));
    }
  }

  void check() throws InvalidParquetException {
    long rows = 0;
    for (int group = 0; group < footer.rowGroups(); group++) {
      checkRowGroup(group);
      rows += footer.rows(group);
    }

    if (rows != footer.rows()) {
      throw ParquetFooter.broken(
          file, "its row groups have %d rows, its footer says %d".formatted(rows, footer.rows()));
    }
  }

  private void checkRowGroup(int group) throws InvalidParquetException {
    RowGroup rowGroup = footer.metadata().getRow_groups().get(group);
    List<ColumnSchema> columns = footer.columns();
    int leaves = footer.leaves().get(columns.size());
    if (rowGroup.getColumnsSize() != leaves || rowGroup.getNum_rows() < 0) {
      throw ParquetFooter.broken(
          file,
          "row group %d has %d rows and %d column chunks where the schema has %d columns"
              .formatted(group, rowGroup.getNum_rows(), rowGroup.getColumnsSize(), leaves));
    }

    for (int column = 0; column < columns.size(); column++) {
      if (!columns.get(column).isFlat()) {
        continue;
      }

      ColumnChunk chunk = rowGroup.getColumns().get(footer.leaves().get(column));
      String problem = place(chunk);
      if (problem == null) {
        problem = problem(chunk.getMeta_data(), columns.get(column), rowGroup.getNum_rows());
      }

      if (problem != null) {
        throw footer.chunk(group, column).broken(problem);
      }
    }
  }

  private static @Nullable String place(ColumnChunk chunk) {
    if (chunk.isSetCrypto_metadata() || chunk.isSetEncrypted_column_metadata()) {
      return "it is encrypted; write the file without encryption";
    }

    return !chunk.isSetMeta_data() || chunk.isSetFile_path() ? "its data is in another file" : null;
  }

  private @Nullable String problem(ColumnMetaData data, ColumnSchema column, long rows) {
    if (data.getType() != column.physical()) {
      return "it is %s, the schema says %s".formatted(data.getType(), column.physical());
    }

    if (!data.getPath_in_schema().equals(List.of(column.name()))) {
      return "its chunk belongs to column %s".formatted(String.join(".", data.getPath_in_schema()));
    }

    if (data.getNum_values() != rows) {
      return "it has %d values for %d rows".formatted(data.getNum_values(), rows);
    }

    if (data.getCodec() == null) {
      return "its codec is not known";
    }

    if (rows == 0) {
      // Offsets of nothing: Arrow writes zeros.
      return null;
    }

    long start = ParquetFooter.start(data);
    long size = data.getTotal_compressed_size();
    if (start < ParquetFooter.BODY_START
        || size < 0
        || size > Integer.MAX_VALUE
        || start > footer.bodyEnd() - size) {
      return "its %d bytes from byte %d on are not inside the file's data".formatted(size, start);
    }

    if (data.getData_page_offset() > start + size) {
      return "its data pages from byte %d on are not inside its %d bytes from byte %d on"
          .formatted(data.getData_page_offset(), size, start);
    }

    return null;
  }
}
