package ml.bqx.parquet;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An open Parquet file: a channel with the name that errors need. Reads are positioned and as large
 * as the caller asks for. One thread at a time.
 */
public final class ParquetInput implements Closeable {
  private final String file;
  private final SeekableByteChannel channel;
  private final long length;

  /** Takes over the channel and closes it with this. */
  public ParquetInput(String file, SeekableByteChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.length = channel.size();
  }

  /** Name of the file, for messages. */
  public String file() {
    return file;
  }

  /** Size in bytes when it was opened. */
  public long length() {
    return length;
  }

  /**
   * Fills {@code into[0 .. count)} with the bytes at the position.
   *
   * @throws EOFException when the file ends before, naming it
   */
  public void read(long position, byte[] into, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
    channel.position(position);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException(
            "Cannot read %s: it ends %d bytes before it should (was it changed while being read?)"
                .formatted(file, buffer.remaining()));
      }
    }
  }

  /**
   * The bytes at the position without copying them, valid until the next read; null where the
   * channel cannot show them.
   */
  @Nullable ByteBuffer lend(long position, int count) throws IOException {
    return channel instanceof LendingChannel lending ? lending.lend(position, count) : null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
