package ml.bqx.storage;

import com.google.api.services.storage.model.StorageObject;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;
import org.apache.beam.sdk.options.PipelineOptions;

/** CRC32C of files, as 8 hex digits: the way checksums are written in the manifest. */
public final class Checksum {
  private static final BaseEncoding BASE_64 = BaseEncoding.base64();

  private Checksum() {}

  /**
   * The checksum of a file's bytes. Cloud Storage is asked for the one it keeps.
   *
   * @param options credentials and endpoint, for {@code gs://}
   */
  public static String of(String path, PipelineOptions options) throws IOException {
    if (!Storage.isLocal(path)) {
      return hex(options.as(GcsOptions.class).getGcsUtil().getObject(GcsPath.fromUri(path)));
    }

    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(AlignedBuffers.BYTES);
    try (SeekableByteChannel channel = UncachedReader.open(Path.of(path))) {
      while (channel.read(buffer.clear()) >= 0) {
        crc.update(buffer.flip());
      }
    }

    return hex(crc);
  }

  /** A checksum as digits. */
  static String hex(CRC32C crc) {
    return "%08x".formatted(crc.getValue());
  }

  /** The checksum of an object: Cloud Storage writes its four bytes in Base64. */
  static String hex(StorageObject object) {
    return object.getCrc32c() == null
        ? "unknown"
        : BaseEncoding.base16().lowerCase().encode(BASE_64.decode(object.getCrc32c()));
  }
}
