package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/**
 * Counts the bytes that pass and sums their CRC32C, so that a file need not be read back for it.
 */
public final class ChecksumChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final CRC32C crc = new CRC32C();
  private long bytes;

  public ChecksumChannel(WritableByteChannel target) {
    this.target = target;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    ByteBuffer written = source.duplicate();
    int count = target.write(source);
    crc.update(written.limit(written.position() + count));
    bytes += count;
    return count;
  }

  public String checksum() {
    return Checksum.hex(crc);
  }

  public long bytes() {
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
