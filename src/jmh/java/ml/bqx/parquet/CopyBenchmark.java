package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A stored chunk into another file as it is, in nanoseconds a value. */
public class CopyBenchmark extends ValueBenchmark {
  private ChunkFile file;
  private ChunkReader reader;

  /** Writes the chunk. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    file = ChunkFile.create(Content.DISTINCT_WITH_NULLS, CompressionCodec.SNAPPY);
    reader = file.reader();
  }

  /** Deletes it. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    file.close();
  }

  /** Reads the chunk, checks its pages, and appends it. */
  @Benchmark
  public void copy() throws IOException {
    try (ParquetAssembler assembler = new ParquetAssembler(new Nowhere(), List.of(file.schema()))) {
      assembler.addRowGroup(Columns.ROWS);
      assembler.append(0, 0, reader.raw(List.of(file.chunk())));
    }
  }

  /** Takes all bytes and drops them. */
  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
