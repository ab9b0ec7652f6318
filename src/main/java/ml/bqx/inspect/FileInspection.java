package ml.bqx.inspect;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.cli.Nearest;
import ml.bqx.cli.Summary;
import ml.bqx.cli.TextTable;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;
import ml.bqx.training.ColumnBounds;
import ml.bqx.training.TrainingChoice;
import org.apache.parquet.format.ColumnMetaData;

/** A Parquet file, by its footer alone. */
public final class FileInspection {
  /** Between the feature group and the column in the name of a feature. */
  private static final String SEPARATOR = "__";

  /** Longer key-values, such as lineages, would hide the others. */
  private static final int MAX_VALUE = 120;

  private final ParquetFooter footer;

  private FileInspection(ParquetFooter footer) {
    this.footer = footer;
  }

  /**
   * Reads the footer of a file.
   *
   * @throws ml.bqx.parquet.InvalidParquetException when it has none
   */
  public static FileInspection of(Storage storage, String path) throws IOException {
    try (ParquetFile file = storage.open(path)) {
      return new FileInspection(file.footer());
    }
  }

  /** Prints shape, sizes by group, encodings and key-values. */
  public void print(PrintStream out) {
    Summary summary =
        new Summary("file " + footer.file())
            .count("rows", footer.rows())
            .count("columns", footer.columns().size())
            .count("row groups", footer.rowGroups())
            .count("rows of the first row group", footer.rowGroups() == 0 ? 0 : footer.rows(0))
            .bytes("size", footer.fileBytes())
            .bytes("size of the footer", footer.fileBytes() - footer.bodyEnd())
            .add("compression", counted(chunk -> chunk.getCodec().toString()))
            .add("encodings of chunks", counted(chunk -> encodings(chunk)));
    footer.keyValues().forEach((key, value) -> summary.add(key, shortened(value)));
    summary.table("groups", groups()).print(out);
  }

  private static String shortened(String value) {
    return value.length() <= MAX_VALUE
        ? value
        : "%s... (%,d characters)".formatted(value.substring(0, MAX_VALUE), value.length());
  }

  /** What a chunk is counted by. */
  @FunctionalInterface
  private interface Property {
    String of(ColumnMetaData chunk);
  }

  private String counted(Property property) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int group = 0; group < footer.rowGroups(); group++) {
      for (int column = 0; column < footer.columns().size(); column++) {
        counts.merge(property.of(footer.chunk(group, column).metadata()), 1, Integer::sum);
      }
    }

    return counts.entrySet().stream()
        .map(count -> "%s: %,d".formatted(count.getKey(), count.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String encodings(ColumnMetaData chunk) {
    return chunk.getEncodings().stream()
        .map(Object::toString)
        .sorted()
        .distinct()
        .collect(Collectors.joining("+"));
  }

  /** Columns of one feature group, or those that are of none. */
  private record Group(String name, List<Integer> columns) {}

  private static String group(String column) {
    int end = column.indexOf(SEPARATOR);
    return end <= 0 ? "(key and targets)" : column.substring(0, end);
  }

  private TextTable groups() {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (int i = 0; i < footer.columns().size(); i++) {
      String name = group(footer.columns().get(i).name());
      groups.computeIfAbsent(name, each -> new Group(each, new ArrayList<>())).columns().add(i);
    }

    TextTable table = new TextTable("lrrrr");
    table.row("group", "columns", "bytes", "% of the file", "% nulls");
    for (Group group : groups.values()) {
      long bytes = group.columns().stream().mapToLong(this::bytes).sum();
      long nulls = group.columns().stream().mapToLong(i -> Math.max(0, footer.nullCount(i))).sum();
      table.row(
          group.name(),
          "%,d".formatted(group.columns().size()),
          "%,d".formatted(bytes),
          percent(bytes, footer.fileBytes()),
          percent(nulls, footer.rows() * group.columns().size()));
    }

    return table;
  }

  private static String percent(long part, long all) {
    return "%.1f".formatted(all == 0 ? 0 : 100.0 * part / all);
  }

  private long bytes(int column) {
    long bytes = 0;
    for (int group = 0; group < footer.rowGroups(); group++) {
      bytes += footer.chunk(group, column).length();
    }

    return bytes;
  }

  /**
   * Prints all about one column.
   *
   * @throws InvalidInputException when there is no such column, with the nearest one
   */
  public void print(String column, PrintStream out) {
    int index = footer.indexOf(column);
    if (index < 0) {
      List<String> names = footer.columns().stream().map(ColumnSchema::name).toList();
      throw new InvalidInputException(
          "Cannot inspect %s: %s has no such column%s"
              .formatted(
                  column,
                  footer.file(),
                  Nearest.to(column, names).map("; did you mean %s?"::formatted).orElse("")));
    }

    Map<String, String> keyValues = footer.keyValues();
    Optional<String> source =
        Optional.ofNullable(TrainingChoice.lineage(keyValues).get(group(column)))
            .or(() -> Optional.ofNullable(keyValues.get(FooterKeys.SOURCE_TABLE)));
    TreeSet<String> encodings = new TreeSet<>();
    for (int group = 0; group < footer.rowGroups(); group++) {
      encodings.add(encodings(footer.chunk(group, index).metadata()));
    }

    ColumnBounds bounds = ColumnBounds.of(footer, index);
    new Summary("column " + column)
        .count("place in the file", index)
        .add("type", footer.columns().get(index).typeName())
        .add("group", group(column))
        .add("source", source.orElse("unknown"))
        .count("nulls", footer.nullCount(index))
        .add("minimum", bounds.minimum() == null ? "unknown" : bounds.minimum())
        .add("maximum", bounds.maximum() == null ? "unknown" : bounds.maximum())
        .bytes("size", bytes(index))
        .add("encodings", String.join(", ", encodings))
        .print(out);
  }
}
