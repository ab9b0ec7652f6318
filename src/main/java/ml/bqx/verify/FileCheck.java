package ml.bqx.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import ml.bqx.catalog.Catalog;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkCheck;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingCard.ColumnCard;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Checks a Parquet file of this tool by itself: every page against its checksum, the footer against
 * the pages, the order of the key. All bytes are read once, in the order of the file, and summed on
 * the way.
 *
 * @param bytes size of the file
 * @param crc32c CRC32C of all bytes, 8 hex digits
 * @param footer its footer; empty when it cannot be read
 * @param problems all faults; each names file, column and row group
 */
public record FileCheck(
    long bytes, String crc32c, Optional<ParquetFooter> footer, List<String> problems) {
  /** How the rows of a file follow each other. */
  public enum KeyOrder {
    ASCENDING,
    ANY
  }

  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  /**
   * Read at once: a hundred chunks of a usual file, and what a bucket sends in a few round trips.
   */
  private static final int PIECE_BYTES = 1 << 24;

  /**
   * Reads a file.
   *
   * @param order whether its rows are in the order of their timestamps
   * @param progress receives the number of bytes done
   * @throws IOException when the storage fails; whatever is wrong with the content is a problem
   */
  public static FileCheck of(Storage storage, String path, KeyOrder order, LongConsumer progress)
      throws IOException {
    try (ParquetInput input = storage.openOnce(path)) {
      List<String> problems = Collections.synchronizedList(new ArrayList<>());
      Optional<ParquetFooter> footer = footer(input, problems);
      Pass pass = new Pass(input, footer.map(FileCheck::chunks).orElse(List.of()), progress);

      ColumnVector[] key = new ColumnVector[footer.map(ParquetFooter::rowGroups).orElse(0)];
      if (footer.isPresent()) {
        ParquetFooter said = footer.get();
        ParallelCalls.of(
            WORKERS,
            Collections.nCopies(WORKERS, said),
            each -> {
              checkChunks(pass, each, key, problems);
              return each;
            });
      }

      pass.finish();
      if (order == KeyOrder.ASCENDING) {
        footer.ifPresent(said -> checkKey(said, key, problems));
      }

      return new FileCheck(
          input.length(), pass.crc32c(), footer, problems.stream().sorted().toList());
    }
  }

  /** Differences between a training file and its card. */
  public List<String> differences(String path, TrainingCard card) {
    List<String> found = new ArrayList<>();
    differs(path + ": bytes", card.bytes(), bytes, found);
    differs(path + ": CRC32C", card.crc32c(), crc32c, found);
    if (footer.isPresent()) {
      ParquetFooter said = footer.get();
      differs(path + ": rows", card.rows(), said.rows(), found);
      differs(path + ": row groups", card.rowGroups(), said.rowGroups(), found);
      differs(
          path + ": columns",
          card.columns().stream().map(ColumnCard::name).toList(),
          said.columns().stream().map(ColumnSchema::name).toList(),
          found);
      for (int i = 0; i < Math.min(card.columns().size(), said.columns().size()); i++) {
        ColumnCard column = card.columns().get(i);
        differs(
            "%s: nulls in %s".formatted(path, column.name()),
            column.nulls(),
            said.nullCount(i),
            found);
      }
    }

    return found;
  }

  /** Differences between the file of a part and the card of its training file. */
  public List<String> differences(String path, TrainingCard.PartCard card) {
    List<String> found = new ArrayList<>();
    differs(path + ": bytes", card.bytes(), bytes, found);
    differs(path + ": CRC32C", card.crc32c(), crc32c, found);
    footer.ifPresent(said -> differs(path + ": rows", card.rows(), said.rows(), found));
    return found;
  }

  private static void differs(String what, Object card, Object file, List<String> problems) {
    if (!card.equals(file)) {
      problems.add("%s: the card says %s, the file %s".formatted(what, card, file));
    }
  }

  private static Optional<ParquetFooter> footer(ParquetInput input, List<String> problems)
      throws IOException {
    try {
      return Optional.of(ParquetFooter.read(input));
    } catch (InvalidParquetException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private record Chunk(int rowGroup, int column, ChunkReference reference) {}

  private record Loaded(Chunk chunk, byte[] bytes) {}

  private static List<Chunk> chunks(ParquetFooter footer) {
    List<Chunk> chunks = new ArrayList<>();
    for (int group = 0; group < footer.rowGroups(); group++) {
      for (int column = 0; column < footer.columns().size(); column++) {
        chunks.add(new Chunk(group, column, footer.chunk(group, column)));
      }
    }

    chunks.sort(Comparator.comparingLong(chunk -> chunk.reference().start()));
    return chunks;
  }

  private static void checkChunks(
      Pass pass, ParquetFooter footer, ColumnVector[] key, List<String> problems)
      throws IOException {
    int keyColumn = footer.indexOf(Catalog.KEY_COLUMN);
    ChunkCheck check = new ChunkCheck(footer);
    List<String> found = new ArrayList<>();
    for (Loaded next; (next = pass.next(problems)) != null; ) {
      Chunk chunk = next.chunk();
      ColumnVector values = check.check(chunk.rowGroup(), chunk.column(), next.bytes(), found);
      if (chunk.column() == keyColumn) {
        key[chunk.rowGroup()] = values;
      }
    }

    problems.addAll(found);
  }

  private static void checkKey(ParquetFooter footer, ColumnVector[] key, List<String> problems) {
    long before = Long.MIN_VALUE;
    for (int group = 0; group < key.length; group++) {
      if (!(key[group] instanceof ColumnVector.Longs times)) {
        problems.add(
            "Cannot read %s: it has no timestamp column %s"
                .formatted(footer.file(), Catalog.KEY_COLUMN));
        return;
      }

      for (int row = 0; row < times.size(); row++) {
        if (times.isNull(row) || (times.values()[row] <= before && (group > 0 || row > 0))) {
          problems.add(
              "Cannot read %s: the timestamp of row %,d in row group %d is not later than the previous one"
                  .formatted(footer.file(), row, group));
          return;
        }

        before = times.values()[row];
      }
    }
  }

  /**
   * Reads a file once from its beginning to its end, many chunks at a time, and sums what it reads:
   * each read of an object is a request.
   */
  private static final class Pass {
    private final ParquetInput input;
    private final List<Chunk> chunks;
    private final LongConsumer progress;
    private final CRC32C crc = new CRC32C();
    private int next;

    /** Where in the file the next byte is that nobody was given yet. */
    private long position;

    /** Bytes of the file that were read, from {@link #pieceStart} on. */
    private byte[] piece = new byte[0];

    private long pieceStart;
    private int pieceLength;

    Pass(ParquetInput input, List<Chunk> chunks, LongConsumer progress) {
      this.input = input;
      this.chunks = chunks;
      this.progress = progress;
    }

    synchronized @Nullable Loaded next(List<String> problems) throws IOException {
      while (next < chunks.size()) {
        Chunk chunk = chunks.get(next++);
        ChunkReference reference = chunk.reference();
        if (reference.start() < position) {
          problems.add(
              "Cannot read %s: column %s in row group %d: its bytes are another chunk's as well"
                  .formatted(reference.file(), reference.column(), reference.rowGroup()));
          continue;
        }

        passOver(reference.start());
        return new Loaded(chunk, read(reference.length()));
      }

      return null;
    }

    /** Reads what no chunk is in, and the footer. */
    void finish() throws IOException {
      passOver(input.length());
    }

    private void passOver(long to) throws IOException {
      while (position < to) {
        read((int) Math.min(to - position, PIECE_BYTES));
      }
    }

    private byte[] read(int length) throws IOException {
      byte[] bytes = new byte[length];
      for (int filled = 0; filled < length; ) {
        if (position == pieceStart + pieceLength) {
          load();
        }

        int from = (int) (position - pieceStart);
        int count = Math.min(length - filled, pieceLength - from);
        System.arraycopy(piece, from, bytes, filled, count);
        filled += count;
        position += count;
      }

      progress.accept(position);
      return bytes;
    }

    private void load() throws IOException {
      pieceStart = position;
      // At least a byte, so that reading past the end is an error.
      pieceLength = (int) Math.max(1, Math.min(PIECE_BYTES, input.length() - position));
      if (piece.length < pieceLength) {
        piece = new byte[pieceLength];
      }

      input.read(position, piece, pieceLength);
      crc.update(piece, 0, pieceLength);
    }

    String crc32c() {
      return "%08x".formatted(crc.getValue());
    }
  }
}
