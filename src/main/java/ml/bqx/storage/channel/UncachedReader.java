package ml.bqx.storage.channel;

import com.google.common.math.IntMath;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a local file of which each byte is wanted once, past the page cache. It reads what it is
 * asked for, in whole blocks of the disk, and nothing ahead.
 */
public final class UncachedReader extends PositionedReader {
  private final FileChannel file;
  private final int block;

  private UncachedReader(AlignedBuffers.DirectFile file) throws IOException {
    super(file.channel().size());
    this.file = file.channel();
    this.block = file.block();
  }

  /** Opens a file; through the page cache where the file system knows no other way. */
  public static SeekableByteChannel open(Path path) throws IOException {
    Optional<AlignedBuffers.DirectFile> file = AlignedBuffers.open(path, StandardOpenOption.READ);
    return file.isPresent()
        ? new UncachedReader(file.get())
        : FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int before = into.position();
    boolean wanted = into.hasRemaining();
    ByteBuffer buffer = AlignedBuffers.take();
    try {
      while (into.hasRemaining() && position() < size() && read(buffer, into)) {}
    } finally {
      AlignedBuffers.giveBack(buffer);
    }

    int read = into.position() - before;
    return wanted && read == 0 ? -1 : read;
  }

  /** Reads once; false when the file was cut off since it was opened. */
  private boolean read(ByteBuffer buffer, ByteBuffer into) throws IOException {
    int offset = (int) (position() % block);
    int wanted = Math.min(offset + into.remaining(), buffer.capacity());
    int blocks = IntMath.divide(wanted, block, RoundingMode.CEILING);
    buffer.clear().limit(blocks * block);
    int length = Math.min(file.read(buffer, position() - offset), wanted) - offset;
    if (length <= 0) {
      return false;
    }

    into.put(into.position(), buffer, offset, length);
    into.position(into.position() + length);
    advance(length);
    return true;
  }

  @Override
  public void close() throws IOException {
    super.close();
    file.close();
  }
}
