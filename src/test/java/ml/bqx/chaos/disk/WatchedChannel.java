package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import ml.bqx.chaos.disk.Operation.Kind;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.checkerframework.checker.nullness.qual.Nullable;

/** An open file that shows to a watch what is done with it. */
final class WatchedChannel extends FilterFileChannel {
  private static final int PIECE = 1 << 16;

  private final Watch watch;
  private final Path path;
  private final Object token;

  WatchedChannel(FileChannel opened, Watch watch, Path path, Object token) {
    super(opened);
    this.watch = watch;
    this.path = path;
    this.token = token;
  }

  private Operation operation(Kind kind, @Nullable ByteBuffer buffer, long position) {
    return new Operation(kind, path, null, token, buffer, position);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return watch.around(operation(Kind.READ, into, position()), () -> super.read(into));
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return watch.around(operation(Kind.READ, into, position), () -> super.read(into, position));
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return length == 0 ? 0 : read(first(into, offset, length));
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return watch.around(operation(Kind.WRITE, from, position()), () -> super.write(from));
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return watch.around(operation(Kind.WRITE, from, position), () -> super.write(from, position));
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return length == 0 ? 0 : write(first(from, offset, length));
  }

  /** A channel may do less than it is asked for: it takes one buffer. */
  private static ByteBuffer first(ByteBuffer[] buffers, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffers[i].hasRemaining()) {
        return buffers[i];
      }
    }

    return buffers[offset];
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    watch.around(operation(Kind.TRUNCATE, null, size), () -> super.truncate(size));
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    watch.around(
        operation(Kind.FORCE, null, 0),
        () -> {
          super.force(metadata);
          return null;
        });
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
    int read = read(piece, position);
    return read <= 0 ? 0 : target.write(piece.flip());
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
    int read = source.read(piece);
    piece.flip();
    for (long at = position; piece.hasRemaining(); at = position + piece.position()) {
      write(piece, at);
    }

    return Math.max(0, read);
  }
}
