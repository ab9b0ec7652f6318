package ml.bqx.quality.statistics;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;

/** Makes the statistics of a training file by reading it. */
final class TrainingStatistics {
  /** Stands between group and column in the name of a feature. */
  private static final String SEPARATOR = "__";

  private static final String TARGETS = "targets";

  private final Storage storage;
  private final String path;
  private final Spine spine;

  private TrainingStatistics(Storage storage, String path, Spine spine) {
    this.storage = storage;
    this.path = path;
    this.spine = spine;
  }

  /**
   * Reads a training file, group by group. Memory: one group for each processor.
   *
   * @throws InvalidInputException when its first column is not a key in ascending order
   */
  static PairStatistics of(Storage storage, String path) throws IOException {
    ParquetFooter footer;
    Spine spine;
    try (ParquetFile file = storage.open(path)) {
      footer = file.footer();
      spine = spine(file);
    }

    TrainingStatistics training = new TrainingStatistics(storage, path, spine);
    return new PairStatistics(
        ParallelCalls.of(
            Runtime.getRuntime().availableProcessors(),
            List.copyOf(groups(footer).entrySet()),
            group -> training.read(group.getKey(), group.getValue())));
  }

  private static Spine spine(ParquetFile file) throws IOException {
    if (!(file.reader().read(file.footer(), 0) instanceof ColumnVector.Longs key)) {
      throw new InvalidInputException(
          "Cannot read %s: its first column is %s, not the timestamps of the rows"
              .formatted(file.footer().file(), file.footer().columns().get(0).typeName()));
    }

    try {
      return new Spine(key.values());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(file.footer().file(), e.getMessage()), e);
    }
  }

  /** The columns of each group: the targets, whose number the footer tells, then the features. */
  private static Map<String, List<Integer>> groups(ParquetFooter footer) {
    int targets = Integer.parseInt(footer.keyValues().getOrDefault(FooterKeys.TARGETS, "0"));
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    int first = 1 + (hasPair(footer) ? 1 : 0);
    for (int column = first; column < footer.columns().size(); column++) {
      String name = footer.columns().get(column).name();
      int end = name.indexOf(SEPARATOR);
      String group = column < first + targets ? TARGETS : end < 0 ? name : name.substring(0, end);
      groups.computeIfAbsent(group, each -> new ArrayList<>()).add(column);
    }

    return groups;
  }

  /** Whether the pair is a column behind the key: the same in all rows, and no feature. */
  private static boolean hasPair(ParquetFooter footer) {
    return footer.columns().size() > 1
        && footer.columns().get(1).name().equals(Catalog.PAIR_COLUMN);
  }

  private GroupStatistics read(String name, List<Integer> columns) throws IOException {
    try (ParquetFile file = storage.open(path)) {
      ChunkReader reader = file.reader();
      List<ColumnVector> values = new ArrayList<>();
      for (int column : columns) {
        values.add(reader.read(file.footer(), column));
      }

      GroupAccumulator group =
          new GroupAccumulator(
              spine.rows(), columns.stream().map(file.footer().columns()::get).toList());
      group.add(StoredRows.of(spine, spine.timestamps(), values), 0);
      return group.statistics(name, path, name.equals(TARGETS));
    }
  }
}
