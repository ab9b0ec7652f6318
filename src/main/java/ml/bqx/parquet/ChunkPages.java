package ml.bqx.parquet;

import java.io.IOException;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.PageHeader;

/**
 * Steps from page to page of a column chunk, to its last byte. Headers are checked against the
 * chunk and bodies against their CRCs; nothing else of a page is looked at.
 */
final class ChunkPages {
  private final byte[] chunk;
  private final int end;
  private long missing;
  private PageHeader header = new PageHeader();
  private int rows;
  private int page;
  private int body;
  private int next;

  /** The pages in {@code chunk} from {@code offset} on. */
  ChunkPages(byte[] chunk, int offset, ColumnMetaData data) {
    this.chunk = chunk;
    this.next = offset;
    this.end = offset + (int) data.getTotal_compressed_size();
    this.missing = data.getNum_values();
  }

  /** The page's header; it has the part that belongs to its type. */
  PageHeader header() {
    return header;
  }

  /** Rows of the page; 0 for pages that carry no rows. */
  int rows() {
    return rows;
  }

  /** Where the page's header begins in the chunk. */
  int page() {
    return page;
  }

  /** Where the page's body begins in the chunk. */
  int body() {
    return body;
  }

  /** Steps to the next page; false when there is none. */
  boolean next() throws IOException {
    if (next == end) {
      if (missing > 0) {
        throw new IOException("its pages have %d rows fewer than the chunk".formatted(missing));
      }

      return false;
    }

    page = next;
    header = new PageHeader();
    body = ThriftInput.read(header, chunk, next, end);
    int compressed = header.getCompressed_page_size();
    if (compressed < 0 || compressed > end - body || header.getUncompressed_page_size() < 0) {
      throw new IOException(
          "page of %d bytes (%d uncompressed) with %d bytes of the chunk left"
              .formatted(compressed, header.getUncompressed_page_size(), end - body));
    }

    checkCrc();
    rows = rowsIn(header);
    if (rows < 0 || rows > missing) {
      throw new IOException("page of %d rows where the chunk has %d left".formatted(rows, missing));
    }

    missing -= rows;
    next = body + compressed;
    return true;
  }

  private static int rowsIn(PageHeader header) throws IOException {
    if (header.getType() == null) {
      throw new IOException("page of a type that is not known");
    }

    boolean complete =
        switch (header.getType()) {
          case DATA_PAGE -> header.isSetData_page_header();
          case DATA_PAGE_V2 -> header.isSetData_page_header_v2();
          case DICTIONARY_PAGE -> header.isSetDictionary_page_header();
          case INDEX_PAGE -> true;
        };
    if (!complete) {
      throw new IOException("%s without its own header".formatted(header.getType()));
    }

    return switch (header.getType()) {
      case DATA_PAGE -> header.getData_page_header().getNum_values();
      case DATA_PAGE_V2 -> header.getData_page_header_v2().getNum_values();
      // The format lets readers pass over page types that carry no rows.
      case DICTIONARY_PAGE, INDEX_PAGE -> 0;
    };
  }

  private void checkCrc() throws IOException {
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(chunk, body, header.getCompressed_page_size());
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException(
            "page checksum is %08x, its header says %08x (the file is damaged)"
                .formatted((int) crc.getValue(), header.getCrc()));
      }
    }
  }
}
