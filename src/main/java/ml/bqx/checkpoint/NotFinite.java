package ml.bqx.checkpoint;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.bqx.config.ExtractConfig;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.Type;

/**
 * Counts NaN and infinite values of targets. They are no nulls, so their rows stay in the training
 * file, but most programs cannot learn from them, so users must know of them.
 */
public final class NotFinite {
  /** All bits of the exponent are set in a NaN and in an infinite value, and in no other. */
  private static final long DOUBLE_EXPONENT = 0x7ff0_0000_0000_0000L;

  private static final int FLOAT_EXPONENT = 0x7f80_0000;

  private NotFinite() {}

  /**
   * Counts in the committed targets of an extraction.
   *
   * @return for each target that has such values, how many
   */
  public static Map<String, Long> inTargets(Storage storage, ExtractConfig config)
      throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    CommittedSpine.readTargets(
            storage, config.checkpointDirectory(), (file, targets) -> in(file, following(targets)))
        .forEach(found -> found.forEach((name, count) -> counts.merge(name, count, Long::sum)));
    return counts;
  }

  /** In a checkpoint they follow the key. */
  private static List<Integer> following(CheckpointEntry targets) {
    return IntStream.rangeClosed(1, targets.columns().size()).boxed().toList();
  }

  /**
   * Counts in columns of a file.
   *
   * @param columns indices of those that are looked at
   * @return for each that has such values, how many
   */
  public static Map<String, Long> in(ParquetFile file, List<Integer> columns) throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int column : columns) {
      ColumnSchema schema = file.footer().columns().get(column);
      if (schema.physical() == Type.DOUBLE || schema.physical() == Type.FLOAT) {
        long count = count(file.reader().read(file.footer(), column));
        if (count > 0) {
          counts.put(schema.name(), count);
        }
      }
    }

    return counts;
  }

  private static long count(ColumnVector column) {
    long count = 0;
    for (int row = 0; row < column.size(); row++) {
      count += !column.isNull(row) && isNotFinite(column, row) ? 1 : 0;
    }

    return count;
  }

  private static boolean isNotFinite(ColumnVector column, int row) {
    return column instanceof ColumnVector.Longs doubles
        ? (doubles.values()[row] & DOUBLE_EXPONENT) == DOUBLE_EXPONENT
        : (((ColumnVector.Ints) column).values()[row] & FLOAT_EXPONENT) == FLOAT_EXPONENT;
  }

  /** The counts for a summary: {@code 0}, or the number of values and where they are. */
  public static String inWords(Map<String, Long> counts) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return counts.isEmpty()
        ? "0"
        : "%,d (%s)"
            .formatted(
                all,
                counts.entrySet().stream()
                    .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", ")));
  }
}
