package ml.bqx.storage;

import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import ml.bqx.failure.ServiceException;
import ml.bqx.storage.channel.ChecksumChannel;

/**
 * Writes one object, which is there when this was closed without an error. Parts are sent by the
 * thread that writes. When a part fails, the service is asked how much of it has arrived, and the
 * upload goes on from there.
 */
final class CloudWriter implements WritableByteChannel {
  private final Storage client;
  private final String path;
  private final ChecksumChannel upload;
  private boolean failed;

  CloudWriter(Storage client, String path) {
    this.client = client;
    this.path = path;
    // Not a BlobWriteSession: those of this client do not repeat a part that has failed.
    this.upload =
        StorageFailure.call(
            "Cannot write " + path,
            path,
            () -> new ChecksumChannel(client.writer(CloudObject.binary(path))));
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
      object = client.get(CloudObject.id(path), BlobGetOption.fields(BlobField.CRC32C));
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("Cannot write " + path, path, e);
    }

    if (object == null) {
      throw new ServiceException(
          "Cannot write %s: it was deleted as soon as it was written; run again".formatted(path));
    }

    if (!upload.checksum().equals(object.getCrc32cToHexString())) {
      throw new ServiceException(
          "Cannot write %s: Cloud Storage received other bytes than were sent (CRC32C %s instead of %s); run again"
              .formatted(path, object.getCrc32cToHexString(), upload.checksum()));
    }
  }
}
