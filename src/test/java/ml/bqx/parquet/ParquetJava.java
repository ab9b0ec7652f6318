package ml.bqx.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** What parquet-java reads and writes, with files in memory. */
final class ParquetJava {
  private ParquetJava() {}

  /** All values of all columns, as {@link TestTable#value} gives them. */
  static List<List<Object>> readAll(byte[] file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new MemoryInput(file))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      List<List<Object>> columns = new ArrayList<>();
      schema.getColumns().forEach(column -> columns.add(new ArrayList<>()));
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        ColumnReadStoreImpl store =
            new ColumnReadStoreImpl(
                group, new NoConverter(), schema, reader.getFileMetaData().getCreatedBy());
        for (int i = 0; i < columns.size(); i++) {
          ColumnDescriptor column = schema.getColumns().get(i);
          read(store.getColumnReader(column), column, group.getRowCount(), columns.get(i));
        }
      }

      return columns;
    }
  }

  private static void read(
      ColumnReader reader, ColumnDescriptor column, long rows, List<Object> values) {
    for (long row = 0; row < rows; row++) {
      boolean isNull = reader.getCurrentDefinitionLevel() < column.getMaxDefinitionLevel();
      values.add(isNull ? null : value(reader, column));
      reader.consume();
    }
  }

  private static Object value(ColumnReader reader, ColumnDescriptor column) {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> reader.getBoolean();
      case INT32 -> reader.getInteger();
      case INT64 -> reader.getLong();
      case FLOAT -> Float.floatToRawIntBits(reader.getFloat());
      case DOUBLE -> Double.doubleToRawLongBits(reader.getDouble());
      case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> TestTable.bytes(reader.getBinary().getBytes());
    };
  }

  /** Its view of the footer. */
  static ParquetMetadata footer(byte[] file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new MemoryInput(file))) {
      return reader.getFooter();
    }
  }

  /** Settings of its writer. */
  interface Settings {
    ExampleParquetWriter.Builder apply(ExampleParquetWriter.Builder builder);
  }

  /** Writes a table with its own writer. */
  static byte[] write(TestTable table, Settings settings) throws IOException {
    MessageType schema = footer(empty(table)).getFileMetaData().getSchema();
    MemoryOutput output = new MemoryOutput();
    try (ParquetWriter<Group> writer =
        settings.apply(ExampleParquetWriter.builder(output).withType(schema)).build()) {
      for (List<ColumnVector> vectors : table.rowGroups()) {
        for (int row = 0; row < vectors.get(0).size(); row++) {
          writer.write(group(table.columns(), schema, vectors, row));
        }
      }
    }

    return output.bytes.toByteArray();
  }

  /** Writes a file without rows. */
  static byte[] writeEmpty(MessageType schema) throws IOException {
    MemoryOutput output = new MemoryOutput();
    ExampleParquetWriter.builder(output).withType(schema).build().close();
    return output.bytes.toByteArray();
  }

  /** A file of ours without rows, of which parquet-java takes the schema. */
  private static byte[] empty(TestTable table) throws IOException {
    return new TestTable(table.columns(), List.of()).write(CompressionCodec.UNCOMPRESSED);
  }

  private static Group group(
      List<ColumnSchema> columns, MessageType schema, List<ColumnVector> vectors, int row) {
    Group group = new SimpleGroup(schema);
    for (int i = 0; i < columns.size(); i++) {
      Object value = TestTable.value(vectors.get(i), row);
      if (value != null) {
        add(group, columns.get(i), i, value);
      }
    }

    return group;
  }

  private static void add(Group group, ColumnSchema column, int field, Object value) {
    switch (column.physical()) {
      case BOOLEAN -> group.add(field, (Boolean) value);
      case INT32 -> group.add(field, (Integer) value);
      case INT64 -> group.add(field, (Long) value);
      case FLOAT -> group.add(field, Float.intBitsToFloat((Integer) value));
      case DOUBLE -> group.add(field, Double.longBitsToDouble((Long) value));
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 ->
          group.add(field, Binary.fromConstantByteArray(HexFormat.of().parseHex((String) value)));
    }
  }

  /** Column readers ask for converters although nothing is converted. */
  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private record MemoryInput(byte[] file) implements InputFile {
    @Override
    public long getLength() {
      return file.length;
    }

    @Override
    public SeekableInputStream newStream() {
      Positioned stream = new Positioned(file);
      return new DelegatingSeekableInputStream(stream) {
        @Override
        public long getPos() {
          return stream.position();
        }

        @Override
        public void seek(long position) {
          stream.position(position);
        }
      };
    }
  }

  private static final class Positioned extends ByteArrayInputStream {
    Positioned(byte[] bytes) {
      super(bytes);
    }

    long position() {
      return pos;
    }

    void position(long position) {
      pos = Math.toIntExact(position);
    }
  }

  private static final class MemoryOutput implements OutputFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int value) {
          bytes.write(value);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
          bytes.write(source, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
