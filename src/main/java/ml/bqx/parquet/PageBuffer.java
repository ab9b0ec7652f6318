package ml.bqx.parquet;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing little-endian buffer in which a page or a chunk is assembled. */
final class PageBuffer extends OutputStream {
  /** First size: half a page of 16,384 doubles. */
  private static final int INITIAL_BYTES = 64 << 10;

  private ByteBuffer buffer = allocate(INITIAL_BYTES);

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  void clear() {
    buffer.clear();
  }

  /** Bytes so far. */
  int size() {
    return buffer.position();
  }

  /** The backing array; valid until the next growth. */
  byte[] array() {
    return buffer.array();
  }

  /** Makes room for {@code bytes} more and returns the buffer, positioned behind the last byte. */
  ByteBuffer reserve(long bytes) {
    if (bytes > buffer.remaining()) {
      int capacity = VectorBuilder.grown(buffer.capacity(), size() + bytes, 1);
      int size = size();
      buffer =
          ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity))
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(size);
    }

    return buffer;
  }

  /** Keeps {@code bytes} more that were put into {@link #array} behind the last byte. */
  void advance(int bytes) {
    buffer.position(size() + bytes);
  }

  @Override
  public void write(int value) {
    reserve(1).put((byte) value);
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    reserve(length).put(source, offset, length);
  }

  /** Overwrites four bytes. */
  void putInt(int at, int value) {
    buffer.putInt(at, value);
  }
}
