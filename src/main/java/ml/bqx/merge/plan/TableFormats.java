package ml.bqx.merge.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;

/**
 * Folders that are tables of Delta Lake, Apache Iceberg or Apache Hudi. Files that such a table no
 * longer refers to stay in its folder for a while, and deleted rows may be listed in files of their
 * own, so that its Parquet files alone do not tell which rows it has.
 */
final class TableFormats {
  private final Map<String, String> folders = new TreeMap<>();

  /** Looks at the names on the way to a file, from the directory of the pair on. */
  void add(List<String> names) {
    for (int i = 0; i < names.size() - 1; i++) {
      String format = format(names.get(i), names.get(names.size() - 1));
      if (!format.isEmpty()) {
        folders.put(String.join("/", names.subList(0, i)), format);
        return;
      }
    }
  }

  /** The format whose tables have such a file in such a folder, or an empty text. */
  private static String format(String folder, String file) {
    return switch (folder) {
      case "_delta_log" -> "Delta Lake";
      case ".hoodie" -> "Apache Hudi";
      case "metadata" -> file.endsWith(".metadata.json") ? "Apache Iceberg" : "";
      default -> "";
    };
  }

  /**
   * Refuses a directory that has such folders.
   *
   * @throws InvalidInputException naming each folder and its format
   */
  void check(String directory) {
    if (!folders.isEmpty()) {
      throw new InvalidInputException(
          folders.entrySet().stream()
              .map(entry -> Problem.of(problem(directory, entry.getKey(), entry.getValue())))
              .toList());
    }
  }

  private static String problem(String directory, String folder, String format) {
    String path = folder.isEmpty() ? directory : directory + "/" + folder;
    return "Cannot merge %s: it is a table of %s, whose folder may also hold rows that are no longer in the table; export the table's rows to Parquet, and merge these files"
        .formatted(path, format);
  }
}
