package ml.bqx.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Holds a footer's parts against each other and against the size of the file. */
final class FooterCheck {
  private final ParquetFooter footer;
  private final String file;

  FooterCheck(ParquetFooter footer) {
    this.footer = footer;
    this.file = footer.file();
  }

  /** The columns of a schema, all of them leaves right under its root. */
  static List<ColumnSchema> columns(String file, List<SchemaElement> schema)
      throws InvalidParquetException {
    List<ColumnSchema> columns = new ArrayList<>();
    for (SchemaElement element : schema.subList(Math.min(1, schema.size()), schema.size())) {
      if (!element.isSetType() || element.getRepetition_type() == FieldRepetitionType.REPEATED) {
        throw ParquetFooter.broken(
            file,
            "column %s is nested or repeated; only flat columns can be merged"
                .formatted(element.getName()));
      }

      boolean sized =
          element.getType() != Type.FIXED_LEN_BYTE_ARRAY || element.getType_length() > 0;
      if (!element.isSetRepetition_type() || !sized) {
        throw ParquetFooter.broken(
            file,
            "column %s does not say %s"
                .formatted(
                    element.getName(), sized ? "whether it is required" : "how long values are"));
      }

      columns.add(new ColumnSchema(element));
    }

    if (schema.isEmpty() || schema.get(0).getNum_children() != columns.size()) {
      throw ParquetFooter.broken(
          file,
          "its schema has %d columns and announces %d"
              .formatted(columns.size(), schema.isEmpty() ? 0 : schema.get(0).getNum_children()));
    }

    return List.copyOf(columns);
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
    if (rowGroup.getColumnsSize() != columns.size() || rowGroup.getNum_rows() < 0) {
      throw ParquetFooter.broken(
          file,
          "row group %d has %d rows and %d column chunks where the schema has %d columns"
              .formatted(group, rowGroup.getNum_rows(), rowGroup.getColumnsSize(), columns.size()));
    }

    for (int column = 0; column < columns.size(); column++) {
      ColumnChunk chunk = rowGroup.getColumns().get(column);
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
      return "it is encrypted";
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
