package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * A reader that knows its position by itself, because each of its reads asks for a range of a file
 * whose size is known.
 */
public abstract class PositionedReader implements SeekableByteChannel {
  private final long size;
  private long position;
  private boolean open = true;

  /** A reader at the beginning of a file of so many bytes. */
  protected PositionedReader(long size) {
    this.size = size;
  }

  protected final void checkOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  /** Moves behind bytes that were read. */
  protected final void advance(int read) {
    position += read;
  }

  @Override
  public final long position() {
    return position;
  }

  @Override
  public final SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public final long size() {
    return size;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
  }

  @Override
  public final int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public final SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
