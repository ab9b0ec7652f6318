package ml.bqx.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.CompressionCodec;

/**
 * A table in memory, the Parquet file that our writer makes of it, and what our reader says.
 *
 * @param rowGroups for each row group the vectors of all columns
 */
record TestTable(List<ColumnSchema> columns, List<List<ColumnVector>> rowGroups) {
  /** Name that files in memory have in messages. */
  static final String NAME = "memory.parquet";

  /** A table with one column in one row group. */
  static TestTable of(ColumnSchema column, ColumnVector vector) {
    return new TestTable(List.of(column), List.of(List.of(vector)));
  }

  /** The bytes of the file, row group by row group. */
  byte[] write(CompressionCodec codec) throws IOException {
    return write(new ChunkEncoder(codec));
  }

  /** The bytes of the file, its chunks made by the encoder. */
  byte[] write(ChunkEncoder encoder) throws IOException {
    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, columns)) {
      for (List<ColumnVector> vectors : rowGroups) {
        int group = file.addRowGroup(vectors.get(0).size());
        for (int i = 0; i < columns.size(); i++) {
          file.append(group, i, encoder.encode(columns.get(i), vectors.get(i)));
        }
      }

      file.finish(Map.of("key", "value"));
    }

    return channel.content();
  }

  /** All values of a column, as {@link #value} gives them. */
  List<Object> values(int column) {
    List<Object> values = new ArrayList<>();
    for (List<ColumnVector> vectors : rowGroups) {
      values.addAll(values(vectors.get(column)));
    }

    return values;
  }

  /** Opens a file that is in memory. */
  static ParquetFile open(byte[] file) throws IOException {
    return ParquetFile.of(new ParquetInput(NAME, new MemoryChannel(file)), Optional.empty());
  }

  /** Reads a column of a file that is in memory. */
  static ColumnVector read(byte[] file, int column) throws IOException {
    try (ParquetFile opened = open(file)) {
      return opened.reader().read(opened.footer(), column);
    }
  }

  /** Reads all columns of a file that is in memory. */
  static List<List<Object>> readAll(byte[] file) throws IOException {
    List<List<Object>> columns = new ArrayList<>();
    try (ParquetFile opened = open(file)) {
      ChunkReader reader = opened.reader();
      for (int column = 0; column < opened.footer().columns().size(); column++) {
        columns.add(values(reader.read(opened.footer(), column)));
      }
    }

    return columns;
  }

  /** All values of a vector, as {@link #value} gives them. */
  static List<Object> values(ColumnVector vector) {
    List<Object> values = new ArrayList<>(vector.size());
    for (int row = 0; row < vector.size(); row++) {
      values.add(value(vector, row));
    }

    return values;
  }

  /**
   * One value to compare: bits of numbers as Integer or Long, Boolean, bytes in hex; null for none.
   */
  static Object value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    } else if (vector instanceof Longs longs) {
      return longs.values()[row];
    } else if (vector instanceof Ints ints) {
      return ints.values()[row];
    } else if (vector instanceof Booleans booleans) {
      return booleans.values()[row];
    }

    Binaries binaries = (Binaries) vector;
    int from = binaries.offsets()[row];
    return bytes(Arrays.copyOfRange(binaries.bytes(), from, from + binaries.length(row)));
  }

  /** Bytes as {@link #value} gives them. */
  static Object bytes(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
