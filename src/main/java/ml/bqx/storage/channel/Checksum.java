package ml.bqx.storage.channel;

import java.util.zip.CRC32C;

/** CRC32C as 8 hex digits: the way checksums are written in the manifest. */
public final class Checksum {
  private Checksum() {}

  /** The checksum of bytes, as digits. */
  public static String hex(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return hex(crc);
  }

  /** A checksum as digits. */
  public static String hex(CRC32C crc) {
    return "%08x".formatted(crc.getValue());
  }
}
