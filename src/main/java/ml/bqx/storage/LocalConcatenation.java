package ml.bqx.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.storage.channel.AlignedBuffers;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Concatenates local files, without their footers, and sums them on the way: nobody looks at their
 * pages, so that the pages' own checksums do not protect them. The kernel could copy from file to
 * file, but only through its page cache, which costs more than the checksums do.
 */
final class LocalConcatenation extends Concatenation {
  private static final Storage DISK = Storage.local();

  private final ByteBuffer piece = ByteBuffer.allocateDirect(AlignedBuffers.BYTES);
  private final WritableByteChannel target;
  private long position;
  private int checksum;

  LocalConcatenation(WritableByteChannel target) {
    this.target = target;
  }

  @Override
  public long append(ParquetFooter footer, @Nullable String crc32c) throws IOException {
    try (SeekableByteChannel source = DISK.channelOnce(local(footer))) {
      return append(footer, source, crc32c);
    }
  }

  @Override
  public long appendPart(ParquetFooter footer, String crc32c) throws IOException {
    try (SeekableByteChannel source = DISK.channel(local(footer))) {
      return append(footer, source, crc32c);
    }
  }

  private static String local(ParquetFooter footer) {
    String path = footer.file();
    if (!Storage.isLocal(path)) {
      throw new InvalidInputException(
          "Cannot compose: %s is not a local file as the output is; put both in one place, or merge with --mergeMethod=stream"
              .formatted(path));
    }

    return path;
  }

  private long append(ParquetFooter footer, SeekableByteChannel source, @Nullable String crc32c)
      throws IOException {
    // All of the first file, for its magic; of the others what follows the magic.
    long from = position == 0 ? 0 : ParquetFooter.BODY_START;
    String found = "%08x".formatted(copy(source, from, footer.bodyEnd()));
    if (source.position() < footer.bodyEnd()) {
      throw new IOException(
          "Cannot copy %s: it ends %,d bytes before it should (was it changed while being read?)"
              .formatted(footer.file(), footer.bodyEnd() - source.position()));
    }

    if (crc32c != null && !crc32c.equals(found)) {
      throw damaged(footer.file(), found, crc32c);
    }

    long shift = position - from;
    position += footer.bodyEnd() - from;
    return shift;
  }

  /** Copies the bytes {@code [from .. to)}, and returns the checksum of all of the file. */
  private int copy(SeekableByteChannel source, long from, long to) throws IOException {
    CRC32C before = new CRC32C();
    CRC32C copied = new CRC32C();
    CRC32C behind = new CRC32C();
    long at = 0;
    while (source.read(piece.clear()) >= 0) {
      int read = piece.flip().limit();
      int first = (int) Math.min(read, Math.max(0, from - at));
      int end = (int) Math.max(first, Math.min(read, to - at));
      before.update(piece.limit(first));
      copied.update(piece.limit(end));
      behind.update(piece.limit(read));
      write(piece.position(first).limit(end));
      at += read;
    }

    int sum = (int) copied.getValue();
    checksum = PartChecksums.append(checksum, sum, to - from);
    int whole = PartChecksums.append((int) before.getValue(), sum, to - from);
    return PartChecksums.append(whole, (int) behind.getValue(), Math.max(0, at - to));
  }

  @Override
  public void finish(byte[] tail) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(tail);
    checksum = PartChecksums.append(checksum, (int) crc.getValue(), tail.length);
    write(ByteBuffer.wrap(tail));
  }

  @Override
  public String checksum(Storage storage, String path) {
    return "%08x".formatted(checksum);
  }

  /** Writes all of a buffer: a channel may take it in parts. */
  private void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      target.write(buffer);
    }
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
