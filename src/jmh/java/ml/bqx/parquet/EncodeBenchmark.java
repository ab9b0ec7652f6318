package ml.bqx.parquet;

import java.io.IOException;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.CompressionCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Primitive arrays to column chunk, in nanoseconds a value. */
public class EncodeBenchmark extends ValueBenchmark {
  /** The column's content: what repeats gets a dictionary, what does not is PLAIN. */
  @State(Scope.Thread)
  public static class Features {
    /** What the column holds. */
    @Param Content content;

    private Longs vector;

    /** Makes the column. */
    @Setup(Level.Trial)
    public void prepare() {
      vector = Columns.doubles(content);
    }
  }

  private final ColumnSchema key = ColumnSchema.timestampMicros("interval_time");
  private final ColumnSchema feature = Columns.schema();
  private final Longs timestamps = Columns.timestamps();
  private final ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);

  /** Encodes a feature. */
  @Benchmark
  public EncodedChunk encode(Features features) throws IOException {
    return encoder.encode(feature, features.vector);
  }

  /** Encodes the key. */
  @Benchmark
  public EncodedChunk encodeDeltas() throws IOException {
    return encoder.encodeDeltas(key, timestamps);
  }
}
