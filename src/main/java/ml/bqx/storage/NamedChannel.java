package ml.bqx.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import ml.bqx.failure.ServiceException;

/** Names the file that cannot be written: a disk that is full does not say of which file. */
record NamedChannel(String path, WritableByteChannel target) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer source) {
    try {
      return target.write(source);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() {
    try {
      target.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private ServiceException failed(IOException thrown) {
    return new ServiceException(
        "Cannot write %s: %s".formatted(path, StorageFailure.reason(path, thrown)), thrown);
  }
}
