package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import ml.bqx.parquet.LendingChannel;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Names the file that cannot be read: a disk that fails does not say in which file. */
public record NamedReader(String path, SeekableByteChannel source) implements LendingChannel {
  /** The error with the name of the file; one that has names already stays as it is. */
  public static IOException named(String path, IOException thrown) {
    if (thrown.getClass() != IOException.class) {
      return thrown;
    }

    FileSystemException named = new FileSystemException(path, null, thrown.getMessage());
    named.initCause(thrown);
    return named;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    try {
      return source.read(into);
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public @Nullable ByteBuffer lend(long position, int count) throws IOException {
    try {
      return source instanceof LendingChannel lending ? lending.lend(position, count) : null;
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public long position() throws IOException {
    return source.position();
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    source.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return source.size();
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() throws IOException {
    source.close();
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
