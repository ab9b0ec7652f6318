package ml.bqx.checkpoint;

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
import org.apache.beam.sdk.io.FileIO;
import org.apache.parquet.format.CompressionCodec;

/**
 * Writes checkpoints whose rows are exactly the spine, in row groups of a fixed number of rows, the
 * key delta-encoded: the {@code ALIGNED} layout.
 */
final class AlignedSink implements FileIO.Sink<MatchedBatch> {
  private static final long serialVersionUID = 1L;

  private final List<ColumnSchema> columns;
  private final CompressionCodec codec;
  private final int rowGroupRows;
  private final Map<String, String> keyValues;
  private transient ParquetAssembler file;
  private transient ChunkEncoder encoder;

  AlignedSink(
      List<ColumnSchema> columns,
      CompressionCodec codec,
      int rowGroupRows,
      Map<String, String> keyValues) {
    this.columns = columns;
    this.codec = codec;
    this.rowGroupRows = rowGroupRows;
    this.keyValues = keyValues;
  }

  @Override
  public void open(WritableByteChannel channel) throws IOException {
    file = new ParquetAssembler(channel, columns);
    encoder = new ChunkEncoder(codec);
  }

  @Override
  public void write(MatchedBatch matched) throws IOException {
    int rows = matched.spine().rows();
    for (int from = 0; from < rows; from += rowGroupRows) {
      writeRowGroup(matched, from, Math.min(rows, from + rowGroupRows));
    }
  }

  private void writeRowGroup(MatchedBatch matched, int from, int to) throws IOException {
    int group = file.addRowGroup(to - from);
    ColumnVector.Longs key =
        new ColumnVector.Longs(Arrays.copyOfRange(matched.spine().timestamps(), from, to), null);
    file.append(group, 0, encoder.encodeDeltas(columns.get(0), key));
    for (int i = 1; i < columns.size(); i++) {
      ColumnVector source = matched.batch().columns().get(i - 1);
      ColumnVector rows = RowGather.gather(source, matched.match().rows(), from, to);
      file.append(group, i, encoder.encode(columns.get(i), rows));
    }
  }

  @Override
  public void flush() throws IOException {
    file.finish(keyValues);
  }

  /** Checksums of the parts of the file that was flushed. */
  PartChecksums checksums() {
    return file.checksums();
  }
}
