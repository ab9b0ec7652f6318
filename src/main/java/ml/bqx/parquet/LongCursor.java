package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads columns of 64-bit values forward, a page at a time, and takes the rows that a join wants.
 * Only values that are there are moved, so that it costs nothing that rows have none. One thread at
 * a time; the buffers are reused from column to column.
 */
public final class LongCursor {
  /** Distinct values of a column's dictionaries before their table grows. */
  private static final int ENTRIES = 1 << 10;

  private final AscendingRows join;
  private final LongBlock block = new LongBlock();

  /** Of all dictionaries of the column: they may have values in common. */
  private final DistinctLongs entries = new DistinctLongs(ENTRIES);

  /** For each entry of the chunk's dictionary its place among those. */
  private int[] places = new int[0];

  /** Where {@link #places} come from. */
  private @Nullable ColumnVector dictionary;

  private Iterator<Chunk> chunks = List.<Chunk>of().iterator();

  /** The chunk whose pages are read; null between two chunks. */
  private @Nullable Chunk chunk;

  private Values values = new Decoded(new long[0]);

  /** Which rows of the page have a value. */
  private final RowBits present = new RowBits();

  /** Rows of the page that are passed. */
  private int pageRow;

  /** Rows of the table that are passed. */
  private int row;

  /** The run of the join's rows that is taken. */
  private int run;

  /** Takes the rows of a join. */
  public LongCursor(AscendingRows join) {
    this.join = join;
  }

  /**
   * A chunk of a column.
   *
   * @param reader of its file
   * @param reference where it is
   * @param column of that file
   */
  public record Chunk(ChunkReader reader, ChunkReference reference, ColumnSchema column) {}

  /** Whether it reads columns of the type. */
  public static boolean takes(ColumnSchema column) {
    return column.physical() == Type.DOUBLE || column.physical() == Type.INT64;
  }

  /** Begins with a column, of which these are all chunks. */
  public void begin(List<Chunk> column) {
    chunks = column.iterator();
    chunk = null;
    present.clear();
    pageRow = 0;
    row = 0;
    run = 0;
    entries.clear();
    dictionary = null;
  }

  /**
   * The rows {@code [from .. to)} of the join, behind those of the call before; valid until the
   * next one.
   *
   * @throws InvalidParquetException naming file, column and row group, when a page is broken or in
   *     an encoding or codec that is not known
   */
  public LongBlock read(int from, int to) throws IOException {
    block.clear(to - from);
    int wanted = join.matched().count(from, to);
    while (wanted > 0) {
      run += row == join.end(run) ? 1 : 0;
      pass(Math.max(0, join.start(run) - row), false);
      int count = Math.min(wanted, join.end(run) - row);
      pass(count, true);
      wanted -= count;
    }

    block.spread(join.matched(), from, to);
    return block;
  }

  /** Reads the rest of the column: what is left out must not be broken either. */
  public void end() throws IOException {
    while (nextPage()) {}
  }

  /** Passes rows of the table, which are taken or left out. */
  private void pass(int count, boolean taken) throws IOException {
    for (int left = count; left > 0; ) {
      if (pageRow == present.size()) {
        if (!nextPage()) {
          throw new IllegalStateException("Cannot read row %,d: the column ends".formatted(row));
        }

        continue;
      }

      int rows = Math.min(left, present.size() - pageRow);
      int found = present.count(pageRow, pageRow + rows);
      if (taken) {
        block.taken().append(present, pageRow, pageRow + rows);
        values.take(found);
      } else {
        values.skip(found);
      }

      pageRow += rows;
      row += rows;
      left -= rows;
    }
  }

  /** Steps to the next page that has rows; false when there is none. */
  private boolean nextPage() throws IOException {
    present.clear();
    pageRow = 0;
    while (present.size() == 0 && (chunk != null || chunks.hasNext())) {
      if (chunk == null) {
        Chunk next = chunks.next();
        if (next.reference().rows() > 0) {
          next.reader().begin(next.reference(), next.column());
          chunk = next;
        }
      } else if (!nextPage(chunk)) {
        chunk = null;
      }
    }

    return present.size() > 0;
  }

  private boolean nextPage(Chunk of) throws IOException {
    PageDecoder pages = of.reader().pages();
    try {
      PageDecoder.Page page = pages.next();
      if (page != null) {
        values = values(page, pages, of.column());
      }

      return page != null;
    } catch (IOException | RuntimeException e) {
      throw ChunkReader.broken(of.reference(), e);
    }
  }

  /** The values of a page, once it is known which of its rows have one. */
  private Values values(PageDecoder.Page page, PageDecoder pages, ColumnSchema column)
      throws IOException {
    LongDecoder decoder = new LongDecoder(block.target(), column);
    int count = levels(page, decoder);
    if (page.encoding() == Encoding.PLAIN) {
      pages.checkEnd(page, page.values().remaining() - (long) count * Long.BYTES, count);
      return new Plain(page.values(), decoder);
    } else if (page.isIndexed() && count > 0) {
      translate((Longs) pages.dictionary());
      return new Indexed(pages.ids(page.values(), count));
    }

    VectorBuilder.OfLongs all = (VectorBuilder.OfLongs) VectorBuilder.of(Type.INT64, count);
    if (count > 0) {
      pages.values(page, new LongDecoder(all, column), 0, count);
    }

    return new Decoded(all.values);
  }

  /** Decodes which rows of a page have a value; returns how many, and the page has so many. */
  private int levels(PageDecoder.Page page, LongDecoder decoder) throws IOException {
    if (page.levels() == null) {
      PageDecoder.requireValues(page, decoder, page.rows());
      present.append(true, page.rows());
      return page.rows();
    }

    HybridDecoder runs = new HybridDecoder(page.levels(), 1);
    runs.require(page.rows());
    int count = runs.read(present, page.rows());
    PageDecoder.requireValues(page, decoder, count);
    return count;
  }

  /** Finds the places of a chunk's dictionary, once for all its pages. */
  private void translate(Longs entriesOfChunk) {
    if (dictionary != entriesOfChunk) {
      dictionary = entriesOfChunk;
      places = Arrays.stream(entriesOfChunk.values()).mapToInt(entries::add).toArray();
    }
  }

  /** Values of a page from front to back. */
  private interface Values {
    /** Passes over values. */
    void skip(int count) throws IOException;

    /** Appends values to the block. */
    void take(int count) throws IOException;
  }

  private final class Plain implements Values {
    private final PageBytes bytes;
    private final LongDecoder decoder;

    Plain(PageBytes bytes, LongDecoder decoder) {
      this.bytes = bytes;
      this.decoder = decoder;
    }

    @Override
    public void skip(int count) throws IOException {
      bytes.take((long) count * Long.BYTES);
    }

    @Override
    public void take(int count) throws IOException {
      decoder.plain(bytes, block.append(count), count);
    }
  }

  private final class Indexed implements Values {
    private final int[] ids;
    private int next;

    Indexed(int... ids) {
      this.ids = ids;
    }

    @Override
    public void skip(int count) {
      next += count;
    }

    @Override
    public void take(int count) {
      block.append(entries.values(), places, ids, next, count);
      next += count;
    }
  }

  private final class Decoded implements Values {
    private final long[] decoded;
    private int next;

    Decoded(long... decoded) {
      this.decoded = decoded;
    }

    @Override
    public void skip(int count) {
      next += count;
    }

    @Override
    public void take(int count) {
      System.arraycopy(decoded, next, block.target().values, block.append(count), count);
      next += count;
    }
  }
}
