package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** A file that is an array. Reads and writes at most 1,000 bytes a call, as channels may. */
final class MemoryChannel implements SeekableByteChannel {
  private static final int AT_ONCE = 1_000;

  private byte[] bytes;
  private int size;
  private int position;
  private boolean open = true;

  /** An empty file. */
  MemoryChannel() {
    this(new byte[0]);
  }

  /** A file with content. */
  MemoryChannel(byte[] content) {
    bytes = content;
    size = content.length;
  }

  /** The content. */
  byte[] content() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public int read(ByteBuffer target) {
    int count = Math.min(AT_ONCE, Math.min(target.remaining(), size - position));
    if (count <= 0) {
      return target.hasRemaining() ? -1 : 0;
    }

    target.put(bytes, position, count);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source) {
    int count = Math.min(AT_ONCE, source.remaining());
    if (position + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(position + count, 2 * bytes.length));
    }

    source.get(bytes, position, count);
    position += count;
    size = Math.max(size, position);
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public MemoryChannel position(long newPosition) {
    position = Math.toIntExact(newPosition);
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public MemoryChannel truncate(long newSize) {
    size = Math.toIntExact(Math.min(size, newSize));
    return this;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
