package ml.bqx.storage;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.channel.PositionedReader;

/**
 * Reads one generation of an object. Each read is a request for just the bytes that it asks for:
 * readers of Parquet files ask for much at once, and a connection that was left in the middle of an
 * object would be lost.
 */
final class CloudReader extends PositionedReader {
  private final Storage client;
  private final BlobId object;

  /** A reader of the generation in the file's status. */
  CloudReader(Storage client, FileStatus file) {
    super(file.bytes());
    this.client = client;
    this.object = CloudObject.id(file);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int length = (int) Math.min(into.remaining(), size() - position());
    if (length <= 0) {
      return into.hasRemaining() ? -1 : 0;
    }

    ByteBuffer wanted = into.slice(into.position(), length);
    fill(wanted);
    into.position(into.position() + wanted.position());
    advance(wanted.position());
    return wanted.position() == 0 ? -1 : wanted.position();
  }

  private void fill(ByteBuffer wanted) {
    // An object that is stored zipped is not unzipped: its size and checksum are the zipped ones.
    try (ReadChannel range =
        client.reader(object, BlobSourceOption.shouldReturnRawInputStream(true))) {
      range.setChunkSize(0);
      range.seek(position());
      range.limit(position() + wanted.remaining());
      while (wanted.hasRemaining() && range.read(wanted) >= 0) {}
    } catch (IOException | StorageException e) {
      String path = CloudObject.path(object);
      if (StorageFailure.isMissing(e)) {
        throw new InvalidInputException(
            "Cannot read %s: it was replaced meanwhile, or deleted; run again".formatted(path), e);
      }

      throw StorageFailure.of("Cannot read " + path, path, e);
    }
  }
}
