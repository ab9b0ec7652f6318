package ml.bqx.storage;

import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BlobWriteSession;
import com.google.cloud.storage.StorageException;
import com.google.common.util.concurrent.Futures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import ml.bqx.failure.ServiceException;
import ml.bqx.storage.channel.ChecksumChannel;

/**
 * Writes one object, which is there when this was closed without an error. Parts are sent by the
 * thread that writes.
 */
final class CloudWriter implements WritableByteChannel {
  private final String path;
  private final BlobWriteSession session;
  private final ChecksumChannel upload;
  private boolean failed;

  CloudWriter(String path, BlobWriteSession session) throws IOException {
    this.path = path;
    this.session = session;
    this.upload = new ChecksumChannel(session.open());
  }

  @Override
  public int write(ByteBuffer from) {
    try {
      return upload.write(from);
    } catch (IOException | StorageException e) {
      failed = true;
      throw StorageFailure.of("Cannot write " + path, path, e);
    }
  }

  @Override
  public boolean isOpen() {
    return upload.isOpen();
  }

  /** Completes the object; after a failed write it leaves none. */
  @Override
  public void close() {
    if (failed || !upload.isOpen()) {
      return;
    }

    BlobInfo object;
    try {
      upload.close();
      object = Futures.getUnchecked(session.getResult());
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("Cannot write " + path, path, e);
    }

    if (!upload.checksum().equals(object.getCrc32cToHexString())) {
      throw new ServiceException(
          "Cannot write %s: Cloud Storage received other bytes than were sent (CRC32C %s instead of %s); run again"
              .formatted(path, object.getCrc32cToHexString(), upload.checksum()));
    }
  }
}
