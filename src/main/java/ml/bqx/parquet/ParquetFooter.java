package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * The footer of a Parquet file with flat columns, checked: schema, row groups and byte ranges agree
 * with each other and with the size of the file, so that whoever holds a footer can rely on them.
 *
 * @param file name of the file, for messages
 * @param metadata the footer as it is in the file; treated as immutable
 * @param columns the columns in schema order
 * @param bodyEnd first byte behind the last byte a column chunk may occupy
 * @param fileBytes size of the file
 */
public record ParquetFooter(
    String file, FileMetaData metadata, List<ColumnSchema> columns, long bodyEnd, long fileBytes) {
  /** Begins and ends every Parquet file. */
  static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

  /** First byte behind the magic: where the first column chunk may begin. */
  public static final int BODY_START = MAGIC.length;

  /** Ends a file whose footer is encrypted. */
  private static final byte[] ENCRYPTED_MAGIC = "PARE".getBytes(US_ASCII);

  /** Footer length (4 bytes, little-endian) and magic. */
  static final int TAIL_BYTES = 8;

  /**
   * Read in one go from the end; holds the footer of most checkpoints, so that they cost one read.
   */
  private static final int FIRST_READ_BYTES = 64 << 10;

  /**
   * Reads and checks the footer.
   *
   * @throws InvalidParquetException when the file is truncated, encrypted, nested or inconsistent
   */
  public static ParquetFooter read(ParquetInput input) throws IOException {
    long length = input.length();
    if (length < MAGIC.length + TAIL_BYTES) {
      throw broken(input.file(), "it has only %d bytes".formatted(length));
    }

    byte[] tail = new byte[(int) Math.min(length, FIRST_READ_BYTES)];
    input.read(length - tail.length, tail, tail.length);
    int footerBytes = footerLength(input, tail);
    long bodyEnd = length - TAIL_BYTES - footerBytes;
    byte[] footer;
    if (footerBytes + TAIL_BYTES <= tail.length) {
      int start = tail.length - TAIL_BYTES - footerBytes;
      footer = Arrays.copyOfRange(tail, start, start + footerBytes);
    } else {
      footer = new byte[footerBytes];
      input.read(bodyEnd, footer, footerBytes);
    }

    return of(input.file(), parse(input.file(), footer), bodyEnd, length);
  }

  private static int footerLength(ParquetInput input, byte[] tail) throws IOException {
    byte[] magic = Arrays.copyOfRange(tail, tail.length - MAGIC.length, tail.length);
    if (Arrays.equals(magic, ENCRYPTED_MAGIC)) {
      throw broken(input.file(), "it is encrypted");
    }

    if (!Arrays.equals(magic, MAGIC)) {
      throw broken(
          input.file(), "it does not end in PAR1 (truncated, or not a Parquet file at all)");
    }

    int footerBytes =
        ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tail.length - TAIL_BYTES);
    if (footerBytes <= 0 || footerBytes > input.length() - MAGIC.length - TAIL_BYTES) {
      throw broken(
          input.file(),
          "its footer claims %d of the file's %d bytes".formatted(footerBytes, input.length()));
    }

    return footerBytes;
  }

  private static FileMetaData parse(String file, byte[] footer) throws IOException {
    try {
      return Util.readFileMetaData(new ByteArrayInputStream(footer));
    } catch (IOException | RuntimeException e) {
      throw new InvalidParquetException(
          "Cannot read %s: its footer cannot be parsed (%s)".formatted(file, e.getMessage()), e);
    }
  }

  /** Checks a footer whose file has column chunks in bytes 4 up to {@code bodyEnd}. */
  static ParquetFooter of(String file, FileMetaData metadata, long bodyEnd, long fileBytes)
      throws IOException {
    ParquetFooter footer =
        new ParquetFooter(file, metadata, columns(file, metadata.getSchema()), bodyEnd, fileBytes);
    long rows = 0;
    for (int group = 0; group < footer.rowGroups(); group++) {
      footer.checkRowGroup(group);
      rows += footer.rows(group);
    }

    if (rows != metadata.getNum_rows()) {
      throw broken(
          file,
          "its row groups have %d rows, its footer says %d"
              .formatted(rows, metadata.getNum_rows()));
    }

    return footer;
  }

  private static List<ColumnSchema> columns(String file, List<SchemaElement> schema)
      throws InvalidParquetException {
    if (schema.isEmpty() || schema.get(0).getNum_children() != schema.size() - 1) {
      String nested =
          schema.stream()
              .skip(1)
              .filter(element -> !element.isSetType())
              .map(SchemaElement::getName)
              .findFirst()
              .orElse("?");
      throw broken(file, "column %s is nested; only flat columns can be merged".formatted(nested));
    }

    List<ColumnSchema> columns = new ArrayList<>(schema.size() - 1);
    for (SchemaElement element : schema.subList(1, schema.size())) {
      if (!element.isSetType() || element.getRepetition_type() == FieldRepetitionType.REPEATED) {
        throw broken(
            file,
            "column %s is nested or repeated; only flat columns can be merged"
                .formatted(element.getName()));
      }

      columns.add(new ColumnSchema(element));
    }

    return List.copyOf(columns);
  }

  private void checkRowGroup(int group) throws InvalidParquetException {
    RowGroup rowGroup = metadata.getRow_groups().get(group);
    if (rowGroup.getColumnsSize() != columns.size() || rowGroup.getNum_rows() < 0) {
      throw broken(
          file,
          "row group %d has %d rows and %d column chunks where the schema has %d columns"
              .formatted(group, rowGroup.getNum_rows(), rowGroup.getColumnsSize(), columns.size()));
    }

    for (int column = 0; column < columns.size(); column++) {
      String problem = problem(rowGroup, column);
      if (problem != null) {
        throw chunk(group, column).broken(problem);
      }
    }
  }

  private String problem(RowGroup rowGroup, int column) {
    ColumnChunk chunk = rowGroup.getColumns().get(column);
    if (chunk.isSetCrypto_metadata() || chunk.isSetEncrypted_column_metadata()) {
      return "it is encrypted";
    }

    if (!chunk.isSetMeta_data() || chunk.isSetFile_path()) {
      return "its data lies in another file";
    }

    ColumnMetaData data = chunk.getMeta_data();
    if (data.getType() != columns.get(column).physical()) {
      return "it is %s, the schema says %s"
          .formatted(data.getType(), columns.get(column).physical());
    }

    if (data.getNum_values() != rowGroup.getNum_rows()) {
      return "it has %d values for %d rows".formatted(data.getNum_values(), rowGroup.getNum_rows());
    }

    long start = start(data);
    long size = data.getTotal_compressed_size();
    if (start < MAGIC.length || size < 0 || size > Integer.MAX_VALUE || start > bodyEnd - size) {
      return "its bytes %d to %d do not lie inside the file's data".formatted(start, start + size);
    }

    return null;
  }

  /** First byte of a chunk: the dictionary page where there is one. */
  static long start(ColumnMetaData chunk) {
    boolean dictionary =
        chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0;
    return dictionary
        ? Math.min(chunk.getDictionary_page_offset(), chunk.getData_page_offset())
        : chunk.getData_page_offset();
  }

  private static InvalidParquetException broken(String file, String why) {
    return new InvalidParquetException("Cannot read %s: %s".formatted(file, why));
  }

  /** Rows in the file. */
  public long rows() {
    return metadata.getNum_rows();
  }

  /** Number of row groups. */
  public int rowGroups() {
    return metadata.getRow_groupsSize();
  }

  /** Rows in one row group. */
  public long rows(int rowGroup) {
    return metadata.getRow_groups().get(rowGroup).getNum_rows();
  }

  /** Index of the column with exactly that name, or -1. */
  public int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }

    return -1;
  }

  /** One column chunk. */
  public ChunkReference chunk(int rowGroup, int column) {
    ColumnChunk chunk = metadata.getRow_groups().get(rowGroup).getColumns().get(column);
    return new ChunkReference(file, columns.get(column).name(), rowGroup, chunk.getMeta_data());
  }

  /** Nulls of a column in all row groups by its statistics; -1 when a row group does not tell. */
  public long nullCount(int column) {
    long nulls = 0;
    for (int group = 0; group < rowGroups(); group++) {
      ColumnMetaData chunk = chunk(group, column).metadata();
      if (!chunk.isSetStatistics() || !chunk.getStatistics().isSetNull_count()) {
        return -1;
      }

      nulls += chunk.getStatistics().getNull_count();
    }

    return nulls;
  }

  /** The footer's key-values, in their order. */
  public Map<String, String> keyValues() {
    Map<String, String> result = new LinkedHashMap<>();
    if (metadata.isSetKey_value_metadata()) {
      for (KeyValue pair : metadata.getKey_value_metadata()) {
        result.put(pair.getKey(), pair.getValue());
      }
    }

    return result;
  }
}
