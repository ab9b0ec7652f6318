package ml.bqx.parquet;

import java.io.IOException;
import org.apache.parquet.format.CompressionCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Column chunk to primitive arrays, in nanoseconds a value. */
public class DecodeBenchmark extends ValueBenchmark {
  /** What the column holds. */
  @Param Content content;

  /** How its pages are compressed. */
  @Param({"UNCOMPRESSED", "SNAPPY"})
  CompressionCodec codec;

  private ChunkFile file;
  private ChunkReader reader;

  /** Writes the chunk. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    file = ChunkFile.create(content, codec);
    reader = file.reader();
  }

  /** Deletes it. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    file.close();
  }

  /** Reads, checks and decodes it. */
  @Benchmark
  public ColumnVector decode() throws IOException {
    VectorBuilder builder = ChunkReader.builder(file.schema(), Columns.ROWS);
    reader.read(file.chunk(), file.schema(), builder);
    return builder.build();
  }
}
