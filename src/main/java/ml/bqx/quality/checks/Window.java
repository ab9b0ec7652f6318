package ml.bqx.quality.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.options.Layout;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.quality.statistics.ColumnNumbers;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;

/**
 * Consecutive rows in the middle of those to train on, of which the values are looked at: of every
 * file as many row groups are read as hold them.
 */
final class Window {
  /** Enough to tell a copy from chance, few enough to try every lag for every feature. */
  static final int MOST_ROWS = 2_048;

  private final Storage storage;
  private final List<Part> parts;
  private final int first;
  private final int rows;

  /** Files of one group, in the order of the spine; their rows are those of the spine. */
  private record Part(List<String> paths, List<Long> rows, List<Optional<PartChecksums>> sums) {}

  /** What is done with the numbers of a column; NaN stands for a null. */
  @FunctionalInterface
  interface Use<T> {
    /** Looks at a column, or not. */
    Optional<T> of(String column, double[] values);
  }

  /**
   * A window.
   *
   * @param from the first row to train on
   * @param to the row behind the last one
   */
  private Window(Storage storage, List<Part> parts, int from, int to) {
    this.storage = storage;
    this.parts = parts;
    this.rows = Math.min(MOST_ROWS, to - from);
    this.first = from + (to - from - rows) / 2;
  }

  /** Of a training file or aligned checkpoints; empty for others, whose rows are in any order. */
  static Optional<Window> of(Storage storage, QualitySource source) throws IOException {
    if (source.isTrainingFile()) {
      Part part =
          new Part(List.of(source.location()), List.of(source.rows()), List.of(Optional.empty()));
      TrainingRows rows = TrainingRows.of(storage, source);
      return Optional.of(new Window(storage, List.of(part), rows.from(), rows.to()));
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

    return Optional.of(new Window(storage, parts, 0, manifest.spine().rows()));
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

  /** Files of a part follow each other; only those that hold rows of the window are read. */
  private <T> List<T> look(Share share, Predicate<String> wanted, Use<T> use) throws IOException {
    Map<String, double[]> columns = new LinkedHashMap<>();
    long before = 0;
    for (int at = 0; at < share.part.paths.size(); at++) {
      long after = before + share.part.rows.get(at);
      if (before < first + rows && after > first) {
        try (ParquetFile file = storage.open(share.part.paths.get(at), share.part.sums.get(at))) {
          read(file, share, wanted, before, columns);
        }
      }

      before = after;
    }

    List<T> results = new ArrayList<>();
    columns.forEach((name, values) -> use.of(name, values).ifPresent(results::add));
    return results;
  }

  /** Puts the values of a file's rows where they are in the window. */
  private void read(
      ParquetFile file,
      Share share,
      Predicate<String> wanted,
      long fileStart,
      Map<String, double[]> columns)
      throws IOException {
    ParquetFooter footer = file.footer();
    ChunkReader reader = file.reader();
    for (int column = 1 + share.piece; column < footer.columns().size(); column += share.pieces) {
      ColumnSchema schema = footer.columns().get(column);
      if (ColumnNumbers.areIn(schema) && wanted.test(schema.name())) {
        double[] values = columns.computeIfAbsent(schema.name(), name -> noNumbers());
        long start = fileStart;
        for (int group = 0; group < footer.rowGroups(); group++) {
          long end = start + footer.rows(group);
          int from = (int) Math.max(start, first);
          int to = (int) Math.min(end, first + rows);
          if (from < to) {
            VectorBuilder builder = ChunkReader.builder(schema, footer.rows(group));
            reader.read(footer.chunk(group, column), schema, builder);
            double[] numbers =
                ColumnNumbers.of(schema, builder.build(), (int) (from - start), (int) (to - start));
            System.arraycopy(numbers, 0, values, from - first, numbers.length);
          }

          start = end;
        }
      }
    }
  }

  private double[] noNumbers() {
    double[] numbers = new double[rows];
    Arrays.fill(numbers, Double.NaN);
    return numbers;
  }
}
