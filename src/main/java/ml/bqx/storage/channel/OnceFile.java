package ml.bqx.storage.channel;

import com.google.common.math.IntMath;
import java.io.Closeable;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A local file of which each byte is wanted once: read past the page cache, unless all of it is in
 * there, or its file system knows no other way.
 *
 * @param channel takes whole blocks only: places, lengths and buffers
 * @param block size of a block in bytes; 1 when it is read through the page cache
 */
record OnceFile(FileChannel channel, int block) implements Closeable {
  /** Opens a file the quicker way. */
  static OnceFile open(Path path) throws IOException {
    Optional<AlignedBuffers.DirectFile> direct = AlignedBuffers.open(path, StandardOpenOption.READ);
    if (direct.isPresent() && !isCached(path, direct.get().channel())) {
      return new OnceFile(direct.get().channel(), direct.get().block());
    } else if (direct.isPresent()) {
      direct.get().channel().close();
    }

    return new OnceFile(FileChannel.open(path, StandardOpenOption.READ), 1);
  }

  /**
   * Whether the page cache has all of a file. The system tells that of a mapping, of which not a
   * byte is touched, and the truth only to those who may write to the file (mincore(2)).
   */
  private static boolean isCached(Path path, FileChannel file) throws IOException {
    long size = file.size();
    if (size == 0 || size > Integer.MAX_VALUE || !Files.isWritable(path)) {
      return false;
    }

    try {
      return file.map(MapMode.READ_ONLY, 0, size).isLoaded();
    } catch (IOException | UnsupportedOperationException e) {
      // No more addresses, or a file system without mappings: reading will tell what is wrong.
      return false;
    }
  }

  boolean isDirect() {
    return block > 1;
  }

  /**
   * Fills an aligned buffer from its position to its limit, as far as the file goes, and flips it.
   *
   * @param start where in the file the byte is that the buffer begins with; it begins a block, and
   *     so does its position
   */
  void read(ByteBuffer buffer, long start) throws IOException {
    try {
      while (buffer.hasRemaining()
          && buffer.position() % block == 0
          && channel.read(buffer, start + buffer.position()) > 0) {}
    } finally {
      buffer.flip();
    }
  }

  /** So many bytes rounded up to whole blocks. */
  int wholeBlocks(int bytes) {
    return IntMath.divide(bytes, block, RoundingMode.CEILING) * block;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
