package ml.bqx.quality.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.options.Layout;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.quality.statistics.ColumnNumbers;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;

/**
 * Consecutive rows in the middle of a training set, of which the values are looked at: of every
 * file as many row groups are read as hold them.
 */
final class Window {
  /** Enough to tell a copy from chance, few enough to try every lag for every feature. */
  static final int MOST_ROWS = 2_048;

  private final Storage storage;
  private final List<Part> parts;
  private final int spineRows;

  /** Files of one group, in the order of the spine; their rows are those of the spine. */
  private record Part(List<String> paths, List<Long> rows, List<Optional<PartChecksums>> sums) {}

  /** What is done with the numbers of a column; NaN stands for a null. */
  @FunctionalInterface
  interface Use<T> {
    /** Looks at a column, or not. */
    Optional<T> of(String column, double[] values);
  }

  private Window(Storage storage, List<Part> parts, long spineRows) {
    this.storage = storage;
    this.parts = parts;
    this.spineRows = (int) spineRows;
  }

  /** Of a training file or aligned checkpoints; empty for others, whose rows are in any order. */
  static Optional<Window> of(Storage storage, QualitySource source) throws IOException {
    if (source.isTrainingFile()) {
      Part part =
          new Part(List.of(source.location()), List.of(source.rows()), List.of(Optional.empty()));
      return Optional.of(new Window(storage, List.of(part), source.rows()));
    }

    return Manifest.read(storage, source.location())
        .flatMap(manifest -> ofCheckpoints(storage, source.location(), manifest));
  }

  private static Optional<Window> ofCheckpoints(
      Storage storage, String directory, Manifest manifest) {
    if (!manifest.layout().equals(Layout.ALIGNED.toString())) {
      return Optional.empty();
    }

    List<Part> parts = new ArrayList<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      parts.add(
          new Part(
              entry.files().stream().map(file -> directory + "/" + file.name()).toList(),
              entry.files().stream().map(CheckpointFile::rows).toList(),
              entry.files().stream().map(file -> Optional.of(file.checksums())).toList()));
    }

    return Optional.of(new Window(storage, parts, manifest.spine().rows()));
  }

  /**
   * Looks at columns, several at a time.
   *
   * @param wanted which of them, by name
   */
  <T> List<T> look(Predicate<String> wanted, Use<T> use) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    List<Share> shares = new ArrayList<>();
    for (Part part : parts) {
      // A training file is one part with all columns.
      int pieces = parts.size() == 1 ? threads : 1;
      for (int piece = 0; piece < pieces; piece++) {
        shares.add(new Share(part, piece, pieces));
      }
    }

    return ParallelCalls.of(threads, shares, share -> look(share, wanted, use)).stream()
        .flatMap(List::stream)
        .toList();
  }

  /** Every {@code pieces}-th column of a part. */
  private record Share(Part part, int piece, int pieces) {}

  private <T> List<T> look(Share share, Predicate<String> wanted, Use<T> use) throws IOException {
    int middle = spineRows / 2;
    int at = 0;
    long before = 0;
    while (before + share.part.rows.get(at) <= middle) {
      before += share.part.rows.get(at);
      at++;
    }

    List<T> results = new ArrayList<>();
    try (ParquetFile file = storage.open(share.part.paths.get(at), share.part.sums.get(at))) {
      ParquetFooter footer = file.footer();
      int group = 0;
      while (before + footer.rows(group) <= middle) {
        before += footer.rows(group);
        group++;
      }

      ChunkReader reader = file.reader();
      for (int column = 1 + share.piece; column < footer.columns().size(); column += share.pieces) {
        ColumnSchema schema = footer.columns().get(column);
        if (ColumnNumbers.areIn(schema) && wanted.test(schema.name())) {
          VectorBuilder builder = ChunkReader.builder(schema, MOST_ROWS);
          for (int next = group; builder.size() < MOST_ROWS && next < footer.rowGroups(); next++) {
            reader.read(footer.chunk(next, column), schema, builder);
          }

          double[] values = numbers(schema, builder.build(), (int) (middle - before));
          use.of(schema.name(), values).ifPresent(results::add);
        }
      }
    }

    return results;
  }

  private static double[] numbers(ColumnSchema schema, ColumnVector values, int middle) {
    int rows = Math.min(MOST_ROWS, values.size());
    int from = Math.max(0, Math.min(middle - rows / 2, values.size() - rows));
    return ColumnNumbers.of(schema, values, from, from + rows);
  }
}
