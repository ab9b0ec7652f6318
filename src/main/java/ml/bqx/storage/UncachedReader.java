package ml.bqx.storage;

import com.google.common.math.IntMath;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a local file of which each byte is wanted once, past the page cache. It reads what it is
 * asked for, in whole blocks of the disk, and nothing ahead.
 */
final class UncachedReader implements SeekableByteChannel {
  private final FileChannel file;
  private final int block;
  private final long size;
  private long position;
  private boolean open = true;

  private UncachedReader(AlignedBuffers.DirectFile file) throws IOException {
    this.file = file.channel();
    this.block = file.block();
    this.size = file.channel().size();
  }

  /** Opens a file; through the page cache where the file system knows no other way. */
  static SeekableByteChannel open(Path path) throws IOException {
    Optional<AlignedBuffers.DirectFile> file = AlignedBuffers.open(path, StandardOpenOption.READ);
    return file.isPresent()
        ? new UncachedReader(file.get())
        : FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }

    int before = into.position();
    boolean wanted = into.hasRemaining();
    ByteBuffer buffer = AlignedBuffers.take();
    try {
      while (into.hasRemaining() && position < size && read(buffer, into)) {}
    } finally {
      AlignedBuffers.giveBack(buffer);
    }

    int read = into.position() - before;
    return wanted && read == 0 ? -1 : read;
  }

  /** Reads once; false when the file was cut off since it was opened. */
  private boolean read(ByteBuffer buffer, ByteBuffer into) throws IOException {
    int offset = (int) (position % block);
    int wanted = Math.min(offset + into.remaining(), buffer.capacity());
    int blocks = IntMath.divide(wanted, block, RoundingMode.CEILING);
    buffer.clear().limit(blocks * block);
    int length = Math.min(file.read(buffer, position - offset), wanted) - offset;
    if (length <= 0) {
      return false;
    }

    into.put(into.position(), buffer, offset, length);
    into.position(into.position() + length);
    position += length;
    return true;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    file.close();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
