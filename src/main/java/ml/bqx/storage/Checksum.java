package ml.bqx.storage;

import com.google.api.services.storage.model.StorageObject;
import com.google.common.io.BaseEncoding;
import java.util.zip.CRC32C;

/** CRC32C as 8 hex digits: the way checksums are written in the manifest. */
public final class Checksum {
  private static final BaseEncoding BASE_64 = BaseEncoding.base64();

  private Checksum() {}

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
