package ml.bqx.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file made of ranges of other files, copied by the kernel where both are local. */
public final class Concatenation implements Closeable {
  /** Piece that passes through memory where the kernel cannot copy. */
  private static final int COPY_BYTES = 4 << 20;

  private final WritableByteChannel target;
  private long position;

  private Concatenation(WritableByteChannel target) {
    this.target = target;
  }

  /** Begins a file. */
  public static Concatenation create(String path) throws IOException {
    return new Concatenation(Storage.create(path));
  }

  /** Bytes so far. */
  public long position() {
    return position;
  }

  /** Appends bytes. */
  public void append(byte[] bytes) throws IOException {
    Storage.write(target, ByteBuffer.wrap(bytes));
    position += bytes.length;
  }

  /** Appends the bytes {@code [from .. to)} of a file. */
  public void append(String path, long from, long to) throws IOException {
    try (SeekableByteChannel source = Storage.channel(path)) {
      if (source instanceof FileChannel file && target instanceof FileChannel) {
        transfer(path, file, from, to);
      } else {
        copy(path, source, from, to);
      }
    }

    position += to - from;
  }

  private void transfer(String path, FileChannel source, long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      long copied = source.transferTo(at, to - at, target);
      if (copied <= 0) {
        throw truncated(path, to - at);
      }

      at += copied;
    }
  }

  private void copy(String path, SeekableByteChannel source, long from, long to)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    source.position(from);
    for (long left = to - from; left > 0; ) {
      buffer.clear().limit((int) Math.min(left, buffer.capacity()));
      int count = source.read(buffer);
      if (count < 0) {
        throw truncated(path, left);
      }

      Storage.write(target, buffer.flip());
      left -= count;
    }
  }

  private static IOException truncated(String path, long missing) {
    return new IOException(
        "Cannot copy %s: it ends %,d bytes before it should (was it changed meanwhile?)"
            .formatted(path, missing));
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
