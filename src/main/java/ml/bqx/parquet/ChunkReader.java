package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads column chunks into {@link ColumnVector}s: one large read a chunk, page CRCs checked, values
 * decoded in bulk. One thread at a time; the buffers are reused from chunk to chunk.
 */
public final class ChunkReader {
  /** Rows reserved before any value is seen, however many the footer promises: 1 Mi. */
  private static final int MAX_INITIAL_ROWS = 1 << 20;

  private final ParquetInput input;
  private final PageDecoder decoder;
  private ChunkBuffers buffers = new ChunkBuffers();
  private byte[] bytes = new byte[0];

  /** Reads from the input, which stays open and belongs to the caller. */
  public ChunkReader(ParquetInput input) {
    this(input, PageEnds.PADDED);
  }

  ChunkReader(ParquetInput input, PageEnds ends) {
    this.input = input;
    this.decoder = new PageDecoder(ends, buffers);
  }

  /** Shares buffers with others from the next read on. */
  public void use(ChunkBuffers shared) {
    buffers = shared;
    decoder.use(shared);
  }

  /** A builder for all {@code rows} of a column, as far as memory may be trusted to a footer. */
  public static VectorBuilder builder(ColumnSchema column, long rows) {
    return VectorBuilder.of(column.physical(), (int) Math.min(rows, MAX_INITIAL_ROWS));
  }

  /**
   * Reads one column of the whole file.
   *
   * @throws InvalidParquetException naming file, column and row group, when a page is broken or in
   *     an encoding or codec that is not known
   */
  public ColumnVector read(ParquetFooter footer, int column) throws IOException {
    ColumnSchema schema = footer.columns().get(column);
    if (!schema.isFlat()) {
      throw ParquetFooter.broken(
          footer.file(), "column %s %s".formatted(schema.name(), schema.problem().orElseThrow()));
    }

    VectorBuilder target = builder(schema, footer.rows());
    for (int group = 0; group < footer.rowGroups(); group++) {
      read(footer.chunk(group, column), schema, target);
    }

    return target.build();
  }

  /** Appends the values of one chunk of the column to a builder of its type. */
  public void read(ChunkReference reference, ColumnSchema column, VectorBuilder target)
      throws IOException {
    if (reference.rows() == 0) {
      return;
    }

    loadChecked(reference);
    try {
      decoder.decode(column, reference.metadata(), bytes, target);
    } catch (IOException | RuntimeException e) {
      throw broken(reference, e);
    }
  }

  /** Reads a chunk of the column, to hand out its {@link #pages}. */
  void begin(ChunkReference reference, ColumnSchema column) throws IOException {
    loadChecked(reference);
    decoder.begin(column, reference.metadata(), bytes);
  }

  /** The pages of the chunk that was begun, valid until the next read. */
  PageDecoder pages() {
    return decoder;
  }

  private void loadChecked(ChunkReference reference) throws IOException {
    checkInside(reference);
    load(reference.start(), reference.length());
    if (reference.checksum().isPresent()) {
      reference.check(PartChecksums.sum(bytes, 0, reference.length()));
    }
  }

  /**
   * The bytes of chunks as they are, in one read, compared with their checksums: the ones that a
   * record of the file has, otherwise those of the pages. They are valid until the next read.
   *
   * @param run chunks that {@linkplain ChunkReference#adjoins follow} each other in the file
   */
  public StoredChunks raw(List<ChunkReference> run) throws IOException {
    long start = run.get(0).start();
    long end = start;
    for (ChunkReference reference : run) {
      checkInside(reference);
      end = reference.end();
    }

    int length = Math.toIntExact(end - start);
    boolean known = run.stream().allMatch(reference -> reference.checksum().isPresent());
    ByteBuffer chunks = known ? input.lend(start, length) : null;
    if (chunks == null) {
      load(start, length);
      chunks = ByteBuffer.wrap(bytes, 0, length);
    }

    int[] checksums = new int[run.size()];
    for (int i = 0; i < checksums.length; i++) {
      ChunkReference reference = run.get(i);
      int offset = (int) (reference.start() - start);
      checksums[i] = PartChecksums.sum(chunks.slice(offset, reference.length()));
      if (reference.checksum().isPresent()) {
        reference.check(checksums[i]);
      } else {
        checkPages(reference, offset);
      }
    }

    return new StoredChunks(run, chunks, checksums);
  }

  /** The bytes of a chunk as they are, unchecked; valid until the next read. */
  public byte[] bytes(ChunkReference reference) throws IOException {
    checkInside(reference);
    load(reference.start(), reference.length());
    return bytes;
  }

  private void checkPages(ChunkReference reference, int offset) throws InvalidParquetException {
    try {
      ChunkPages pages = new ChunkPages(bytes, offset, reference.metadata());
      while (pages.next()) {}
    } catch (IOException | RuntimeException e) {
      throw broken(reference, e);
    }
  }

  private void checkInside(ChunkReference reference) throws InvalidParquetException {
    if (reference.start() > input.length() - reference.length()) {
      throw reference.broken(
          "it ends at byte %d of %d (was the file changed while being read?)"
              .formatted(reference.end(), input.length()));
    }
  }

  private void load(long start, int length) throws IOException {
    bytes = buffers.chunk(length);
    input.read(start, bytes, length);
  }

  static InvalidParquetException broken(ChunkReference reference, Exception cause) {
    boolean ours = cause instanceof IOException || cause instanceof IllegalStateException;
    String why =
        ours && cause.getMessage() != null
            ? cause.getMessage()
            : "the bytes of a page are not what its header says";
    InvalidParquetException broken = reference.broken(why);
    broken.initCause(cause);
    return broken;
  }
}
