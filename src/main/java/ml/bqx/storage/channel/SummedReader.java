package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import ml.bqx.parquet.PartChecksums;

/**
 * Sums whatever is read of a file, in any order, so that the whole can be compared with the
 * checksum that its store knows without reading it twice.
 */
public final class SummedReader extends PositionedReader {
  /** Bytes that are asked for at once of what nobody has read: 1 MiB. */
  private static final int PIECE = 1 << 20;

  private final SeekableByteChannel source;

  /** What was read, by where it begins; no two overlap. */
  private final NavigableMap<Long, Part> parts = new TreeMap<>();

  private record Part(long start, long end, int checksum) {}

  /** A reader of a file, which is closed with this. */
  public SummedReader(SeekableByteChannel source) throws IOException {
    super(source.size());
    this.source = source;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int from = into.position();
    source.position(position());
    int count = source.read(into);
    if (count > 0) {
      sum(position(), into.duplicate().position(from).limit(from + count).slice());
      advance(count);
    }

    return count;
  }

  private void sum(long start, ByteBuffer bytes) {
    long end = start + bytes.limit();
    long at = start;
    while (at < end) {
      Map.Entry<Long, Part> before = parts.floorEntry(at);
      if (before != null && before.getValue().end > at) {
        at = before.getValue().end;
        continue;
      }

      Long after = parts.higherKey(at);
      long to = after == null ? end : Math.min(after, end);
      CRC32C crc = new CRC32C();
      crc.update(bytes.slice((int) (at - start), (int) (to - at)));
      parts.put(at, new Part(at, to, (int) crc.getValue()));
      at = to;
    }
  }

  /**
   * The CRC32C of the whole file, as 8 hex digits. What was not read until now, such as the space
   * between column chunks, is read for it.
   */
  public String checksum() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, size()));
    int sum = 0;
    long at = 0;
    while (at < size()) {
      Part part = parts.get(at);
      if (part == null) {
        Long after = parts.higherKey(at);
        long gap = (after == null ? size() : after) - at;
        position(at);
        if (read(piece.clear().limit((int) Math.min(gap, PIECE))) <= 0) {
          throw new IOException("it ends at byte %d of %d".formatted(at, size()));
        }
      } else {
        sum = PartChecksums.append(sum, part.checksum, part.end - at);
        at = part.end;
      }
    }

    return "%08x".formatted(sum);
  }

  @Override
  public void close() throws IOException {
    super.close();
    source.close();
  }
}
