package ml.bqx.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.zip.CRC32C;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.storage.channel.AlignedBuffers;
import ml.bqx.storage.channel.ReadAhead;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Concatenates local files, without their footers, and sums them on the way: nobody looks at their
 * pages, so that the pages' own checksums do not protect them. The kernel could copy from file to
 * file, but only through its page cache, which costs more than the checksums do.
 */
final class LocalConcatenation extends Concatenation {
  private final WritableByteChannel target;
  private ReadAhead sources = new ReadAhead(Collections.emptyIterator());

  /** Files whose pieces come next. */
  private final Queue<String> expected = new ArrayDeque<>();

  private long position;
  private int checksum;

  LocalConcatenation(WritableByteChannel target) {
    this.target = target;
  }

  @Override
  public void expect(List<ParquetFooter> footers) {
    sources.close();
    expected.clear();
    footers.forEach(footer -> expected.add(local(footer)));
    sources =
        new ReadAhead(
            footers.stream()
                .map(footer -> new ReadAhead.Extent(footer.file(), footer.fileBytes()))
                .iterator());
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

  @Override
  public long append(ParquetFooter footer, @Nullable String crc32c) throws IOException {
    if (!local(footer).equals(expected.peek())) {
      expect(List.of(footer));
    }

    expected.remove();
    // All of the first file, for its magic; of the others what follows the magic.
    long from = position == 0 ? 0 : ParquetFooter.BODY_START;
    String found = "%08x".formatted(copy(footer, from, footer.bodyEnd()));
    if (crc32c != null && !crc32c.equals(found)) {
      throw damaged(footer.file(), found, crc32c);
    }

    long shift = position - from;
    position += footer.bodyEnd() - from;
    return shift;
  }

  /** Copies the bytes {@code [from .. to)}, and returns the checksum of all of the file. */
  private int copy(ParquetFooter footer, long from, long to) throws IOException {
    CRC32C before = new CRC32C();
    CRC32C copied = new CRC32C();
    CRC32C behind = new CRC32C();
    for (long at = 0; at < footer.fileBytes(); ) {
      ReadAhead.Piece next = sources.next();
      ByteBuffer piece = next.bytes();
      int read = piece.limit();
      if (read < Math.min(AlignedBuffers.BYTES, footer.fileBytes() - at)) {
        throw new IOException(
            "Cannot copy %s: it ends %,d bytes before it should (was it changed while being read?)"
                .formatted(footer.file(), footer.fileBytes() - at - read));
      }

      int first = (int) Math.min(read, Math.max(0, from - at));
      int end = (int) Math.max(first, Math.min(read, to - at));
      before.update(piece.limit(first));
      copied.update(piece.limit(end));
      behind.update(piece.limit(read));
      write(piece.position(first).limit(end));
      sources.giveBack(next);
      at += read;
    }

    int sum = (int) copied.getValue();
    checksum = PartChecksums.append(checksum, sum, to - from);
    int whole = PartChecksums.append((int) before.getValue(), sum, to - from);
    return PartChecksums.append(whole, (int) behind.getValue(), footer.fileBytes() - to);
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
    sources.close();
    target.close();
  }
}
