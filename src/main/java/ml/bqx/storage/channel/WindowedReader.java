package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Reads more than it is asked for where reads follow each other, because each read of a bucket is a
 * request. Several places may be read on at once, as the row groups of a Parquet file are when its
 * columns are taken one by one. No byte is asked for twice, unless more places are read on than the
 * memory suffices for.
 */
public final class WindowedReader extends PositionedReader {
  private final SeekableByteChannel source;

  /** Bytes of all windows together. */
  private final int budget;

  /** What was read of the file; the last used at the end. */
  private final List<Window> windows = new ArrayList<>();

  /** Where reads began that did not go on from a window: others go on up to here. */
  private final NavigableSet<Long> places = new TreeSet<>();

  private record Window(long start, ByteBuffer bytes) {
    long end() {
      return start + bytes.limit();
    }

    boolean contains(long position) {
      return start <= position && position < end();
    }
  }

  /** Bytes that are asked for at least where reads begin. */
  private final int first;

  private WindowedReader(SeekableByteChannel source, int budget, int first) throws IOException {
    super(source.size());
    this.source = source;
    this.budget = budget;
    this.first = first;
  }

  /**
   * Reads a file of which nobody knows what will be read on, and closes it with this.
   *
   * @param budget bytes of it that are held at once; a larger read is made as it is asked for
   */
  public static WindowedReader of(SeekableByteChannel source, int budget) throws IOException {
    return new WindowedReader(source, budget, 0);
  }

  /** Reads a file that is read from its beginning to its end. */
  public static WindowedReader ofWhole(SeekableByteChannel source, int budget) throws IOException {
    return new WindowedReader(source, budget, budget);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int wanted = (int) Math.min(into.remaining(), size() - position());
    if (wanted <= 0) {
      return into.hasRemaining() ? -1 : 0;
    }

    Window window = window(wanted);
    if (!window.contains(position())) {
      return -1;
    }

    int offset = (int) (position() - window.start());
    int count = Math.min(wanted, window.bytes().limit() - offset);
    into.put(window.bytes().slice(offset, count));
    advance(count);
    return count;
  }

  /** The window that the position is in, now the last used. */
  private Window window(int wanted) throws IOException {
    for (Window window : windows) {
      if (window.contains(position())) {
        windows.remove(window);
        windows.add(window);
        return window;
      }
    }

    int length = length(wanted);
    // Room first, so that no more than the budget is in memory.
    while (!windows.isEmpty() && held() + length > budget) {
      windows.remove(0);
    }

    Window window = new Window(position(), fetched(length));
    windows.add(window);
    return window;
  }

  /**
   * How much to ask for: twice as much as the last time where reads go on, at most a fair share of
   * the budget, and nothing of the next place. Takes away the window that is read to its end.
   */
  private int length(int wanted) {
    Window before = null;
    for (Window window : windows) {
      before = window.end() == position() ? window : before;
    }

    if (before == null) {
      places.add(position());
      return (int) Math.min(Math.max(wanted, first), size() - position());
    }

    long share = budget / windows.size();
    windows.remove(before);
    long length = Math.max(wanted, Math.min(2L * before.bytes().limit(), share));
    Long next = places.higher(position());
    return (int) Math.min(length, (next == null ? size() : next) - position());
  }

  private long held() {
    return windows.stream().mapToLong(window -> window.bytes().limit()).sum();
  }

  private ByteBuffer fetched(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    source.position(position());
    while (bytes.hasRemaining() && source.read(bytes) >= 0) {}
    // A source that ends before it should: the caller is told that the file does.
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    super.close();
    windows.clear();
    source.close();
  }
}
