package ml.bqx.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;

/**
 * Writes a Parquet file from ready column chunks. The chunks may come in any order, across all row
 * groups: the footer lists them by row group and column, and readers follow the footer.
 *
 * <p>Memory: what is handed in, and the footer (about 300 bytes a chunk). One thread at a time.
 */
public final class ParquetAssembler implements Closeable {
  private final WritableByteChannel out;
  private final List<ColumnSchema> columns;
  private final List<ColumnChunk[]> chunks = new ArrayList<>();
  private final List<int[]> checksums = new ArrayList<>();
  private final List<Long> rows = new ArrayList<>();
  private long position;
  private int footerChecksum;
  private int checksum;
  private boolean finished;

  /** Begins a file on the channel, which is closed with this. */
  public ParquetAssembler(WritableByteChannel out, List<ColumnSchema> columns) throws IOException {
    this.out = out;
    this.columns = List.copyOf(columns);
    write(ParquetFooter.MAGIC, 0, ParquetFooter.MAGIC.length);
    checksum = PartChecksums.sum(ParquetFooter.MAGIC, 0, ParquetFooter.MAGIC.length);
  }

  /** Number of columns. */
  public int columns() {
    return columns.size();
  }

  /**
   * Adds a row group behind those there are.
   *
   * @return its index
   */
  public int addRowGroup(long rowCount) {
    if (rowCount < 0) {
      throw new IllegalArgumentException("Cannot add a row group of %d rows".formatted(rowCount));
    }

    rows.add(rowCount);
    chunks.add(new ColumnChunk[columns.size()]);
    checksums.add(new int[columns.size()]);
    return rows.size() - 1;
  }

  /** Appends a chunk, byte for byte, as the column's in a row group. */
  public void append(int rowGroup, int column, EncodedChunk chunk) throws IOException {
    checkOpen();
    int sum = PartChecksums.sum(chunk.bytes(), chunk.offset(), chunk.length());
    place(rowGroup, column, chunk.metadata(), sum, position);
    write(chunk.bytes(), chunk.offset(), chunk.length());
  }

  /**
   * Appends chunks of a row group that stand one behind the other, in one write.
   *
   * @param firstColumn the column that the first of them belongs to; the others follow it
   */
  public void append(int rowGroup, int firstColumn, StoredChunks chunks) throws IOException {
    checkOpen();
    long start = position;
    for (int i = 0; i < chunks.run().size(); i++) {
      ColumnMetaData metadata = chunks.run().get(i).metadata();
      place(rowGroup, firstColumn + i, metadata, chunks.checksums()[i], start);
      start += metadata.getTotal_compressed_size();
    }

    write(chunks.bytes().duplicate());
  }

  private void place(int rowGroup, int column, ColumnMetaData metadata, int sum, long start) {
    if (metadata.getType() != columns.get(column).physical()) {
      throw new IllegalStateException(
          "Cannot put a chunk of %s as %s into row group %d: the column is %s"
              .formatted(
                  metadata.getType(),
                  columns.get(column).name(),
                  rowGroup,
                  columns.get(column).typeName()));
    }

    ColumnChunk[] placed = chunks.get(rowGroup);
    if (metadata.getNum_values() != rows.get(rowGroup) || placed[column] != null) {
      throw new IllegalStateException(
          "Cannot put a chunk of %d rows as %s into row group %d: it has %d rows and %s"
              .formatted(
                  metadata.getNum_values(),
                  columns.get(column).name(),
                  rowGroup,
                  rows.get(rowGroup),
                  placed[column] == null ? "lacks that chunk" : "has that chunk"));
    }

    long shift = start - ParquetFooter.start(metadata);
    placed[column] = Footers.moved(metadata, columns.get(column).name(), shift);
    checksums.get(rowGroup)[column] = sum;
    checksum = PartChecksums.append(checksum, sum, metadata.getTotal_compressed_size());
  }

  /**
   * Writes the footer; every column of every row group must have its chunk.
   *
   * @return bytes of the whole file
   */
  public long finish(Map<String, String> keyValues) throws IOException {
    return finish(keyValues, IntStream.range(0, columns.size()).boxed().toList());
  }

  /**
   * Writes the footer, with the columns in another order.
   *
   * @param order for each column of the file its index among those that were written, each once
   * @return bytes of the whole file
   */
  public long finish(Map<String, String> keyValues, List<Integer> order) throws IOException {
    checkOpen();
    List<RowGroup> rowGroups = new ArrayList<>(rows.size());
    for (int group = 0; group < rows.size(); group++) {
      List<ColumnChunk> placed = Arrays.asList(chunks.get(group));
      int missing = placed.indexOf(null);
      if (missing >= 0) {
        throw new IllegalStateException(
            "Cannot finish the file: column %s has no chunk in row group %d"
                .formatted(columns.get(missing).name(), group));
      }

      List<ColumnChunk> ordered = order.stream().map(placed::get).toList();
      rowGroups.add(Footers.rowGroup(ordered, rows.get(group), group));
      int[] sums = checksums.get(group);
      checksums.set(group, order.stream().mapToInt(column -> sums[column]).toArray());
    }

    List<ColumnSchema> schema = order.stream().map(columns::get).toList();
    byte[] tail = Footers.tail(Footers.file(schema, rowGroups, keyValues));
    write(tail, 0, tail.length);
    footerChecksum = PartChecksums.sum(tail, 0, tail.length);
    checksum = PartChecksums.append(checksum, footerChecksum, tail.length);
    finished = true;
    return position;
  }

  /** CRC32C of the whole of the finished file, as 8 hex digits. */
  public String crc32c() {
    return "%08x".formatted(checksum);
  }

  /** Checksums of the parts of the finished file. */
  public PartChecksums checksums() {
    return new PartChecksums(footerChecksum, List.copyOf(checksums));
  }

  private void checkOpen() {
    if (finished) {
      throw new IllegalStateException("Cannot write to a finished file");
    }
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  private void write(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
