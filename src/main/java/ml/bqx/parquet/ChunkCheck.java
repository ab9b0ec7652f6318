package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Compares what a footer says of column chunks with their pages: page checksums, sizes, offsets,
 * encodings, row and null counts, minima and maxima. A file of ours must say exactly what this
 * package would write; another writer may say less of minima and maxima, and text may be cut.
 *
 * <p>Memory: the values of one chunk. One thread at a time.
 */
public final class ChunkCheck {
  private final ParquetFooter footer;
  private final PageDecoder decoder;
  private final PresentValues presentValues = new PresentValues();

  /** Checks chunks of a file that has this footer. */
  public ChunkCheck(ParquetFooter footer) {
    this.footer = footer;
    this.decoder = new PageDecoder(footer.pageEnds(), new ChunkBuffers());
  }

  /**
   * Decodes one chunk.
   *
   * @param bytes begin with the chunk
   * @param problems receives what does not agree, in words that name file, column and row group
   * @return the chunk's values; empty when they cannot be decoded
   */
  public ColumnVector check(int rowGroup, int column, byte[] bytes, List<String> problems) {
    ChunkReference reference = footer.chunk(rowGroup, column);
    ColumnSchema schema = footer.columns().get(column);
    if (!schema.isFlat()) {
      problems.add(reference.broken("it " + schema.problem().orElseThrow()).getMessage());
      return new ColumnVector.Booleans(new boolean[0], null);
    }

    VectorBuilder values = ChunkReader.builder(schema, reference.rows());
    try {
      decoder.decode(schema, reference.metadata(), bytes, values);
      List<String> found = new ArrayList<>();
      checkPages(reference, bytes, found);
      ColumnVector vector = values.build();
      checkStatistics(reference, column, vector, found);
      found.forEach(problem -> problems.add(reference.broken(problem).getMessage()));
      return vector;
    } catch (IOException | RuntimeException e) {
      problems.add(ChunkReader.broken(reference, e).getMessage());
      return VectorBuilder.of(schema.physical(), 0).build();
    }
  }

  private static void checkPages(ChunkReference reference, byte[] bytes, List<String> problems)
      throws IOException {
    ColumnMetaData data = reference.metadata();
    ChunkPages pages = new ChunkPages(bytes, 0, data);
    Set<Encoding> used = EnumSet.noneOf(Encoding.class);
    long uncompressed = 0;
    long firstData = -1;
    long dictionary = 0;
    while (pages.next()) {
      PageHeader header = pages.header();
      uncompressed += pages.body() - pages.page() + (long) header.getUncompressed_page_size();
      long at = reference.start() + pages.page();
      switch (header.getType()) {
        case DICTIONARY_PAGE -> {
          dictionary = at;
          used.add(header.getDictionary_page_header().getEncoding());
        }
        case DATA_PAGE -> used.add(header.getData_page_header().getEncoding());
        case DATA_PAGE_V2 -> used.add(header.getData_page_header_v2().getEncoding());
        case INDEX_PAGE -> {}
      }
      if (pages.rows() > 0 && firstData < 0) {
        firstData = at;
      }
    }

    check("bytes without compression", uncompressed, data.getTotal_uncompressed_size(), problems);
    if (firstData >= 0) {
      check("first data page", firstData, data.getData_page_offset(), problems);
    }

    check("dictionary page", dictionary, data.getDictionary_page_offset(), problems);
    used.removeAll(data.getEncodings());
    if (!used.isEmpty()) {
      problems.add("its pages use encodings %s that the footer does not name".formatted(used));
    }
  }

  private void checkStatistics(
      ChunkReference reference, int column, ColumnVector vector, List<String> problems) {
    ColumnSchema schema = footer.columns().get(column);
    int nulls = vector.nullCount();
    int present = vector.size() - nulls;
    Statistics expected =
        ChunkStatistics.of(schema, presentValues.of(vector, present), present, nulls);
    Statistics found = reference.metadata().getStatistics();
    boolean ours = Footers.isOurs(footer.metadata());
    if (!ours) {
      found = completed(schema, found, expected);
    } else if (found == null) {
      problems.add("the footer has no statistics for it");
      return;
    }

    check("nulls", expected.getNull_count(), found.getNull_count(), problems);
    checkBound(schema, "minimum", expected.getMin_value(), found.getMin_value(), problems);
    checkBound(schema, "maximum", expected.getMax_value(), found.getMax_value(), problems);
    boolean exact = expected.equals(found) && footer.hasOrderedBounds(column);
    if (ours && problems.isEmpty() && !exact) {
      problems.add("the footer's statistics are %s, its values say %s".formatted(found, expected));
    }
  }

  /** Statistics of another writer, with what it may leave out as it would have to be. */
  private static Statistics completed(
      ColumnSchema schema, @Nullable Statistics found, Statistics expected) {
    Statistics result = new Statistics(expected);
    if (found == null) {
      return result;
    }

    if (found.isSetNull_count()) {
      result.setNull_count(found.getNull_count());
    }

    boolean number =
        schema.physical() != Type.BYTE_ARRAY && schema.physical() != Type.FIXED_LEN_BYTE_ARRAY;
    if (number && expected.isSetMin_value() && found.isSetMin_value() && found.isSetMax_value()) {
      result.setMin_value(found.getMin_value()).setMax_value(found.getMax_value());
    }

    return result;
  }

  private static void check(String what, long pages, long said, List<String> problems) {
    if (pages != said) {
      problems.add("%s: the footer says %d, its pages %d".formatted(what, said, pages));
    }
  }

  private static void checkBound(
      ColumnSchema schema, String what, byte[] values, byte[] said, List<String> problems) {
    if (!Arrays.equals(values, said)) {
      problems.add(
          "%s: the footer says %s, its values %s"
              .formatted(what, inWords(schema, said), inWords(schema, values)));
    }
  }

  private static String inWords(ColumnSchema schema, byte[] bound) {
    if (bound == null) {
      return "nothing";
    }

    ByteBuffer bytes = ByteBuffer.wrap(bound).order(ByteOrder.LITTLE_ENDIAN);
    if (schema.physical() == Type.DOUBLE && bound.length == Double.BYTES) {
      return Double.toString(bytes.getDouble());
    } else if (schema.physical() == Type.INT64 && bound.length == Long.BYTES) {
      return Long.toString(bytes.getLong());
    }

    return "0x" + HexFormat.of().formatHex(bound);
  }
}
