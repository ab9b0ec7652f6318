package ml.bqx.storage;

import java.util.zip.CRC32C;

/** CRC32C as 8 hex digits: the way checksums are written in the manifest. */
final class Checksum {
  private Checksum() {}

  /** A checksum as digits. */
  static String hex(CRC32C crc) {
    return "%08x".formatted(crc.getValue());
  }
}
