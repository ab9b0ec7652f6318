package ml.bqx.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.storage.Storage;
import ml.bqx.verify.FileCheck.KeyOrder;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckTest {
  private static final int COLUMNS = 500;
  private static final int ROWS = 10_000;

  @TempDir Path directory;

  /** Each read of an object is a request to its store. */
  @Test
  void manyChunksAreReadAtOnce() throws Exception {
    Path file = write();
    AtomicInteger reads = new AtomicInteger();
    Storage counting = counting(reads);

    FileCheck check = FileCheck.of(counting, file.toString(), KeyOrder.ASCENDING, bytes -> {});

    assertThat(check.problems()).isEmpty();
    assertThat(check.bytes()).isGreaterThan(COLUMNS * ROWS * 8L);
    assertThat(check.crc32c()).isEqualTo(Storage.local().checksum(file.toString()));
    // 40 MB in pieces of 16 MB, and the footer.
    assertThat(reads.get()).isLessThan(8);
  }

  private Path write() throws Exception {
    List<ColumnSchema> columns =
        IntStream.rangeClosed(0, COLUMNS)
            .mapToObj(
                i ->
                    i == 0
                        ? ColumnSchema.timestampMicros("interval_time").asRequired()
                        : ColumnSchema.int64("x" + i))
            .toList();
    long[] values = IntStream.range(0, ROWS).asLongStream().toArray();
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.UNCOMPRESSED);
    Path file = directory.resolve("a.parquet");
    try (ParquetAssembler parquet =
        new ParquetAssembler(Storage.local().create(file.toString()), columns)) {
      parquet.addRowGroup(ROWS);
      parquet.append(0, 0, encoder.encodeDeltas(columns.get(0), new Longs(values, null)));
      EncodedChunk chunk = encoder.encode(columns.get(1), new Longs(values, null));
      for (int column = 1; column <= COLUMNS; column++) {
        parquet.append(0, column, chunk);
      }

      parquet.finish(Map.of());
    }

    assertThat(Files.size(file)).isGreaterThan(COLUMNS * ROWS * 8L);
    return file;
  }

  /** The local storage, with a count of the reads. */
  private static Storage counting(AtomicInteger reads) {
    Storage local = Storage.local();
    InvocationHandler handler =
        (proxy, method, args) -> {
          if (method.getName().equals("channelOnce")) {
            return new Counting(local.channelOnce((String) args[0]), reads);
          }

          return method.isDefault()
              ? InvocationHandler.invokeDefault(proxy, method, args)
              : method.invoke(local, args);
        };
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, handler);
  }

  private record Counting(SeekableByteChannel source, AtomicInteger reads)
      implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      reads.incrementAndGet();
      return source.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return source.write(from);
    }

    @Override
    public long position() throws IOException {
      return source.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      source.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return source.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      source.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return source.isOpen();
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
