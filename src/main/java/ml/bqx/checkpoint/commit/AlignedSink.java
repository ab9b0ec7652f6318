package ml.bqx.checkpoint.commit;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.parquet.RowGather;

/**
 * Writes checkpoints whose rows are exactly the spine, in row groups of a fixed number of rows, the
 * key delta-encoded: the {@code ALIGNED} layout.
 */
record AlignedSink(
    List<ColumnSchema> columns,
    ChunkEncoder encoder,
    int rowGroupRows,
    Map<String, String> keyValues) {
  /** Writes a whole file; returns the checksums of its parts. */
  PartChecksums write(MatchedBatch matched, WritableByteChannel channel) throws IOException {
    ParquetAssembler file = new ParquetAssembler(channel, columns);
    RowGather gather = new RowGather();
    int rows = matched.spine().rows();
    for (int from = 0; from < rows; from += rowGroupRows) {
      writeRowGroup(file, matched, gather, from, Math.min(rows, from + rowGroupRows));
    }

    file.finish(keyValues);
    return file.checksums();
  }

  private void writeRowGroup(
      ParquetAssembler file, MatchedBatch matched, RowGather gather, int from, int to)
      throws IOException {
    int group = file.addRowGroup(to - from);
    ColumnVector.Longs key =
        new ColumnVector.Longs(Arrays.copyOfRange(matched.spine().timestamps(), from, to), null);
    file.append(group, 0, encoder.encodeDeltas(columns.get(0), key));
    for (int i = 1; i < columns.size(); i++) {
      ColumnVector source = matched.batch().columns().get(i - 1);
      ColumnVector rows = gather.next(source, matched.match().rows(), from, to);
      file.append(group, i, encoder.encode(columns.get(i), rows));
    }
  }
}
