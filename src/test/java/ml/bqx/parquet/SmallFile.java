package ml.bqx.parquet;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Type;

/** A file with every encoding that we write, and few rows of it. */
final class SmallFile {
  private static final int ROWS = 12;

  private SmallFile() {}

  /** Two row groups of seven columns. */
  static byte[] write(CompressionCodec codec) throws IOException {
    Random random = new Random(4);
    List<ColumnSchema> columns =
        List.of(
            ColumnSchema.timestampMicros("at").asRequired(),
            ColumnSchema.float64("few"),
            ColumnSchema.float64("many"),
            ColumnSchema.string("label"),
            ColumnSchema.bool("flag"),
            RandomColumns.leaf("number", Type.INT32).asRequired(),
            ColumnSchema.decimal("amount", 38, 9));
    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, columns)) {
      ChunkEncoder encoder = new ChunkEncoder(codec);
      for (int rows : new int[] {ROWS, 5}) {
        int group = file.addRowGroup(rows);
        ColumnVector at = RandomColumns.vector(columns.get(0), rows, row -> row * 60_000_000L);
        file.append(group, 0, encoder.encodeDeltas(columns.get(0), (Longs) at));
        for (int i = 1; i < columns.size(); i++) {
          ColumnSchema column = columns.get(i);
          double nulls = column.required() ? 0 : 0.2;
          int distinct = column.name().equals("few") ? 2 : rows;
          ColumnVector values = RandomColumns.vector(column, rows, distinct, nulls, random);
          file.append(group, i, encoder.encode(column, values));
        }
      }

      file.finish(Map.of());
    }

    return channel.content();
  }
}
