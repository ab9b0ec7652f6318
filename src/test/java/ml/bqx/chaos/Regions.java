package ml.bqx.chaos;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/**
 * Where in a Parquet file its footer, its page headers and its pages are.
 *
 * @param footer with its length and the magic behind it
 * @param headers all page headers
 * @param pages what follows them
 */
record Regions(Path file, List<Range> footer, List<Range> headers, List<Range> pages) {
  /** The bytes {@code [from .. to)}. */
  record Range(long from, long to) {
    long length() {
      return to - from;
    }
  }

  static Regions of(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Range> headers = new ArrayList<>();
    List<Range> pages = new ArrayList<>();
    try (ParquetFile parquet = Storage.local().open(file.toString())) {
      ParquetFooter footer = parquet.footer();
      for (int group = 0; group < footer.rowGroups(); group++) {
        for (int column = 0; column < footer.columns().size(); column++) {
          addPages(bytes, footer.chunk(group, column), headers, pages);
        }
      }

      Range end = new Range(footer.bodyEnd(), bytes.length);
      return new Regions(file, List.of(end), headers, pages);
    }
  }

  private static void addPages(
      byte[] bytes, ChunkReference chunk, List<Range> headers, List<Range> pages)
      throws IOException {
    for (long at = chunk.start(); at < chunk.end(); ) {
      int left = (int) (chunk.end() - at);
      ByteArrayInputStream in = new ByteArrayInputStream(bytes, (int) at, left);
      PageHeader header = Util.readPageHeader(in);
      long body = at + left - in.available();
      headers.add(new Range(at, body));
      at = body + header.getCompressed_page_size();
      pages.add(new Range(body, at));
    }
  }

  /** Any byte of some ranges. */
  static long anyByte(List<Range> ranges, Random random) {
    long all = ranges.stream().mapToLong(Range::length).sum();
    long at = (long) (random.nextDouble() * all);
    for (Range range : ranges) {
      if (at < range.length()) {
        return range.from() + at;
      }

      at -= range.length();
    }

    throw new IllegalArgumentException("There are no bytes");
  }
}
