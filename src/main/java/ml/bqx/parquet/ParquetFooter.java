package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;

/**
 * The footer of a Parquet file, checked: schema, row groups and byte ranges of flat columns agree
 * with each other and with the size of the file, so that callers can rely on them.
 *
 * @param file name of the file, for messages
 * @param metadata the footer as it is in the file; treated as immutable
 * @param columns the columns in schema order, nested ones included
 * @param leaves for each column how many leaves of the schema come before it, then how many there
 *     are
 * @param bodyEnd first byte behind the last byte a column chunk may occupy
 * @param fileBytes size of the file
 * @param checksums of the file's parts, where a record of the file has them
 */
public record ParquetFooter(
    String file,
    FileMetaData metadata,
    List<ColumnSchema> columns,
    List<Integer> leaves,
    long bodyEnd,
    long fileBytes,
    Optional<PartChecksums> checksums) {
  /** Begins and ends every Parquet file. */
  static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

  /** First byte behind the magic: where the first column chunk may begin. */
  public static final int BODY_START = MAGIC.length;

  /** Begins a file that gzip has made of another; https://www.rfc-editor.org/rfc/rfc1952. */
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  /** Ends a file whose footer is encrypted. */
  private static final byte[] ENCRYPTED_MAGIC = "PARE".getBytes(US_ASCII);

  /** Footer length (4 bytes, little-endian) and magic. */
  static final int TAIL_BYTES = 8;

  /** Bytes in memory for a byte in the file: 900 and 94 of a column chunk. */
  private static final int MEMORY_RATIO = 9;

  /**
   * Read in one go from the end; holds the footer of most checkpoints, so that they cost one read.
   */
  private static final int FIRST_READ_BYTES = 64 << 10;

  /**
   * Reads and checks the footer.
   *
   * @throws InvalidParquetException when the file is truncated, encrypted or inconsistent
   */
  public static ParquetFooter read(ParquetInput input) throws IOException {
    return read(input, Optional.empty());
  }

  /**
   * Reads and checks the footer of a file that has a record.
   *
   * @param checksums of the file's parts; those of chunks are handed on with their references
   * @throws InvalidParquetException also when the footer is not the one in the record
   */
  static ParquetFooter read(ParquetInput input, Optional<PartChecksums> checksums)
      throws IOException {
    long length = input.length();
    if (length < MAGIC.length + TAIL_BYTES) {
      throw broken(input.file(), "it has only %d bytes".formatted(length));
    }

    byte[] tail = new byte[(int) Math.min(length, FIRST_READ_BYTES)];
    input.read(length - tail.length, tail, tail.length);
    int footerBytes = footerLength(input, tail);
    long bodyEnd = length - TAIL_BYTES - footerBytes;
    byte[] footer;
    if (footerBytes + TAIL_BYTES <= tail.length) {
      footer = Arrays.copyOfRange(tail, tail.length - TAIL_BYTES - footerBytes, tail.length);
    } else {
      footer = new byte[footerBytes + TAIL_BYTES];
      input.read(bodyEnd, footer, footer.length);
    }

    if (checksums.isPresent()) {
      checkSum(input.file(), checksums.get(), footer);
    }

    return of(input.file(), parse(input.file(), footer), bodyEnd, length, checksums);
  }

  private static void checkSum(String file, PartChecksums checksums, byte[] footer)
      throws InvalidParquetException {
    int found = PartChecksums.sum(footer, 0, footer.length);
    if (found != checksums.footer()) {
      throw broken(
          file,
          "the checksum of its footer is %08x, its record says %08x"
              .formatted(found, checksums.footer()));
    }
  }

  private static boolean isGzip(ParquetInput input) throws IOException {
    byte[] start = new byte[GZIP.length];
    input.read(0, start, start.length);
    return Arrays.equals(start, GZIP);
  }

  private static int footerLength(ParquetInput input, byte[] tail) throws IOException {
    byte[] magic = Arrays.copyOfRange(tail, tail.length - MAGIC.length, tail.length);
    if (Arrays.equals(magic, ENCRYPTED_MAGIC)) {
      throw broken(input.file(), "it is encrypted; write it without encryption");
    }

    if (!Arrays.equals(magic, MAGIC)) {
      throw broken(
          input.file(),
          isGzip(input)
              ? "it is compressed as a whole; decompress it with gunzip"
              : "it does not end in PAR1 (truncated, or not a Parquet file at all)");
    }

    int footerBytes =
        ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tail.length - TAIL_BYTES);
    if (footerBytes <= 0 || footerBytes > input.length() - MAGIC.length - TAIL_BYTES) {
      throw broken(
          input.file(),
          "its footer claims %d of the file's %d bytes".formatted(footerBytes, input.length()));
    }

    checkMemory(input.file(), footerBytes, Runtime.getRuntime().maxMemory());
    return footerBytes;
  }

  /** Makes sure, before it is parsed, that a footer fits into memory. */
  static void checkMemory(String file, int footerBytes, long memory)
      throws InvalidParquetException {
    long needed = (long) footerBytes * MEMORY_RATIO;
    if (needed > memory) {
      throw broken(
          file,
          "its footer has %,d bytes, which take about %,d MB of memory, and this process may use %,d MB; give it more (java -Xmx), or write the file with fewer row groups"
              .formatted(footerBytes, needed / 1_000_000, memory / 1_000_000));
    }
  }

  private static FileMetaData parse(String file, byte[] footer) throws IOException {
    try {
      FileMetaData metadata = new FileMetaData();
      ThriftInput.read(metadata, footer, 0, footer.length - TAIL_BYTES);
      return metadata;
    } catch (IOException e) {
      throw new InvalidParquetException(
          "Cannot read %s: its footer is broken: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Checks a footer whose file has column chunks in bytes 4 up to {@code bodyEnd}. */
  static ParquetFooter of(
      String file,
      FileMetaData metadata,
      long bodyEnd,
      long fileBytes,
      Optional<PartChecksums> checksums)
      throws IOException {
    List<Integer> leaves = new ArrayList<>();
    List<ColumnSchema> columns = FooterCheck.columns(file, metadata.getSchema(), leaves);
    ParquetFooter footer =
        new ParquetFooter(
            file, metadata, columns, List.copyOf(leaves), bodyEnd, fileBytes, checksums);
    new FooterCheck(footer).check();
    footer.checkCounts();
    return footer;
  }

  /** Makes sure that the record of the file has as many chunks as the footer. */
  private void checkCounts() throws InvalidParquetException {
    List<int[]> chunks = checksums.map(PartChecksums::chunks).orElse(List.of());
    boolean same =
        chunks.size() == rowGroups()
            && chunks.stream().allMatch(group -> group.length == columns.size());
    if (checksums.isPresent() && !same) {
      throw broken(
          file,
          "it has %d row groups of %d columns, its record says otherwise"
              .formatted(rowGroups(), columns.size()));
    }
  }

  /** First byte of a chunk: the dictionary page where there is one. */
  static long start(ColumnMetaData chunk) {
    boolean dictionary =
        chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0;
    return dictionary
        ? Math.min(chunk.getDictionary_page_offset(), chunk.getData_page_offset())
        : chunk.getData_page_offset();
  }

  static InvalidParquetException broken(String file, String why) {
    return new InvalidParquetException("Cannot read %s: %s".formatted(file, why));
  }

  /** Rows in the file. */
  public long rows() {
    return metadata.getNum_rows();
  }

  /** Bytes that it takes in memory, about. */
  public long memory() {
    return (fileBytes - bodyEnd) * MEMORY_RATIO;
  }

  /** Number of row groups. */
  public int rowGroups() {
    return metadata.getRow_groupsSize();
  }

  /** Rows in one row group. */
  public long rows(int rowGroup) {
    return metadata.getRow_groups().get(rowGroup).getNum_rows();
  }

  /** Index of the column with exactly that name, or -1. */
  public int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }

    return -1;
  }

  /** One column chunk; of a nested column the first one. */
  public ChunkReference chunk(int rowGroup, int column) {
    ColumnChunk chunk = metadata.getRow_groups().get(rowGroup).getColumns().get(leaves.get(column));
    OptionalInt checksum =
        checksums.isPresent()
            ? OptionalInt.of(checksums.get().chunks().get(rowGroup)[column])
            : OptionalInt.empty();
    return new ChunkReference(
        file, columns.get(column).name(), rowGroup, chunk.getMeta_data(), checksum);
  }

  /** Nulls of a column in all row groups by its statistics; -1 when a row group has none. */
  public long nullCount(int column) {
    long nulls = 0;
    for (int group = 0; group < rowGroups(); group++) {
      ColumnMetaData chunk = chunk(group, column).metadata();
      if (!chunk.isSetStatistics() || !chunk.getStatistics().isSetNull_count()) {
        return -1;
      }

      nulls += chunk.getStatistics().getNull_count();
    }

    return nulls;
  }

  /** Whether a chunk has pages of an encoding. */
  public boolean uses(Encoding encoding) {
    return IntStream.range(0, rowGroups())
        .anyMatch(
            group ->
                IntStream.range(0, columns().size())
                    .mapToObj(column -> chunk(group, column).metadata().getEncodings())
                    .anyMatch(encodings -> encodings.contains(encoding)));
  }

  /** How the pages of the file end. */
  PageEnds pageEnds() {
    return Footers.isOurs(metadata) ? PageEnds.EXACT : PageEnds.PADDED;
  }

  /** Whether minima and maxima of a column follow the order of its type, so that they count. */
  boolean hasOrderedBounds(int column) {
    return metadata.isSetColumn_orders()
        && column < metadata.getColumn_ordersSize()
        && metadata.getColumn_orders().get(column).isSetTYPE_ORDER();
  }

  /** The footer's key-values, in their order. */
  public Map<String, String> keyValues() {
    Map<String, String> result = new LinkedHashMap<>();
    if (metadata.isSetKey_value_metadata()) {
      for (KeyValue pair : metadata.getKey_value_metadata()) {
        result.put(pair.getKey(), pair.getValue());
      }
    }

    return result;
  }
}
