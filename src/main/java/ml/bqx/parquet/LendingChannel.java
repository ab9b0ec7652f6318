package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A channel that can show bytes where it has them, so that nobody has to copy them. */
public interface LendingChannel extends SeekableByteChannel {
  /**
   * Bytes of the file, valid until the channel is used again.
   *
   * @param position of the first one
   * @param count how many; the file must have them
   * @return null when they have to be {@linkplain #read read} instead
   */
  @Nullable ByteBuffer lend(long position, int count) throws IOException;
}
