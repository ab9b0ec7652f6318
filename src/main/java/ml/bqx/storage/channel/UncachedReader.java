package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Objects;
import ml.bqx.parquet.LendingChannel;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a local file of which each byte is wanted once, past the page cache, in whole blocks of the
 * disk. Pieces that follow each other come out of one large read, and so does all of a small file
 * for those who want the whole of it.
 */
public final class UncachedReader extends PositionedReader implements LendingChannel {
  /** Bytes between two reads that still follow each other: a column that is left out. */
  private static final int NEAR = 1 << 16;

  private final OnceFile file;
  private final boolean whole;

  /** Bytes of the file, from {@link #windowStart} on, that were read before they were wanted. */
  private @Nullable ByteBuffer window;

  private long windowStart;

  /** Where the last read ended. */
  private long lastEnd = Long.MIN_VALUE;

  private UncachedReader(OnceFile file, boolean whole) throws IOException {
    super(file.channel().size());
    this.file = file;
    this.whole = whole;
  }

  /** Opens a file to read parts of it; through the page cache where that is the better way. */
  public static SeekableByteChannel open(Path path) throws IOException {
    OnceFile file = OnceFile.open(path);
    return file.isDirect() ? new UncachedReader(file, false) : file.channel();
  }

  /** Opens a file to read all of it, or nearly all, its footer first. */
  public static SeekableByteChannel openWhole(Path path) throws IOException {
    return new UncachedReader(OnceFile.open(path), true);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int before = into.position();
    boolean wanted = into.hasRemaining();
    while (into.hasRemaining() && position() < size() && readOnce(into)) {}

    lastEnd = position();
    int read = into.position() - before;
    return wanted && read == 0 ? -1 : read;
  }

  /** Reads at most once; false when the file was cut off since it was opened. */
  private boolean readOnce(ByteBuffer into) throws IOException {
    if (window != null && take(window, windowStart, into)) {
      return true;
    }

    if (isAhead() && hasWindow()) {
      return take(movedWindow(), windowStart, into);
    }

    ByteBuffer buffer = AlignedBuffers.take();
    try {
      long start = blockStart();
      long wanted = Math.min(position() - start + into.remaining(), AlignedBuffers.BYTES);
      file.read(buffer.limit(file.wholeBlocks((int) wanted)), start);
      return take(buffer, start, into);
    } finally {
      AlignedBuffers.giveBack(buffer);
    }
  }

  /** Shows bytes in the window, and brings them there first where they are read ahead anyway. */
  @Override
  public @Nullable ByteBuffer lend(long position, int count) throws IOException {
    checkOpen();
    position(position);
    boolean fits = position % file.block() + count <= AlignedBuffers.BYTES;
    if (!isInWindow(count) && fits && isAhead() && hasWindow()) {
      movedWindow();
    }

    if (window == null || !isInWindow(count)) {
      // A file that was cut off tells so when it is read.
      return null;
    }

    lastEnd = position + count;
    return window.slice((int) (position - windowStart), count);
  }

  private boolean isInWindow(int count) {
    return window != null
        && position() >= windowStart
        && position() + count <= windowStart + window.limit();
  }

  private boolean hasWindow() {
    if (window == null) {
      window = AlignedBuffers.takeToKeep();
      if (window != null) {
        window.limit(0);
      }
    }

    return window != null;
  }

  /** Fills the window from the position on; what it has of that already moves to its front. */
  private ByteBuffer movedWindow() throws IOException {
    ByteBuffer bytes = Objects.requireNonNull(window);
    long start = isSmall() ? 0 : blockStart();
    long had = windowStart + bytes.limit() - start;
    if (start >= windowStart && had > 0) {
      // Whole blocks only, as all that is read from the disk.
      bytes.limit(bytes.limit() - (int) (had % file.block()));
      bytes.position((int) (start - windowStart)).compact();
    } else {
      bytes.clear();
    }

    windowStart = start;
    file.read(bytes, start);
    return bytes;
  }

  /** Whether more than what is asked for is going to be wanted. */
  private boolean isAhead() {
    long gap = position() - lastEnd;
    boolean follows = lastEnd >= 0 && gap >= 0 && gap <= NEAR;
    boolean begins = whole && position() <= NEAR;
    return isSmall() || begins || follows;
  }

  private boolean isSmall() {
    return whole && size() <= AlignedBuffers.BYTES;
  }

  private long blockStart() {
    return position() - position() % file.block();
  }

  /** Takes bytes at the position out of a buffer, if it has any of them. */
  private boolean take(ByteBuffer buffer, long start, ByteBuffer into) {
    long offset = position() - start;
    if (offset < 0 || offset >= buffer.limit()) {
      return false;
    }

    int length = Math.min(into.remaining(), buffer.limit() - (int) offset);
    into.put(into.position(), buffer, (int) offset, length);
    into.position(into.position() + length);
    advance(length);
    return true;
  }

  @Override
  public void close() throws IOException {
    super.close();
    if (window != null) {
      AlignedBuffers.giveBackKept(window);
      window = null;
    }

    file.close();
  }
}
