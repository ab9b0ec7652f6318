package ml.bqx.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;

/**
 * The JSON beside a training file: its content, its sources, and checksums to check it without
 * reading it. It is written after the file has its final name; a merge is complete once it exists.
 *
 * @param version of this format
 * @param tool name and version of what wrote the file
 * @param method merge method
 * @param bytes size of the training file
 * @param crc32c CRC32C of its bytes, 8 hex digits
 * @param first first timestamp, ISO 8601
 * @param last last timestamp, ISO 8601
 * @param manifest fingerprint of the manifest, or {@code none} of a foreign set
 * @param spine fingerprint of the spine
 * @param notFiniteTargets for each target that has NaN or infinite values, how many
 * @param options of the merge that decide how the file is written
 * @param published when the file got its name, ISO 8601
 * @param leftOut files and columns that were not used, by reason
 * @param filled columns that only some parts of a table have, null in the others
 * @param renamed names that were repaired, with what they are now
 * @param columns of the file, in its order
 */
public record TrainingCard(
    int version,
    String tool,
    String pair,
    String method,
    long bytes,
    String crc32c,
    long rows,
    int rowGroups,
    String first,
    String last,
    String manifest,
    String spine,
    Map<String, Long> notFiniteTargets,
    Map<String, String> options,
    String published,
    Map<String, List<String>> leftOut,
    List<String> filled,
    List<String> renamed,
    List<ColumnCard> columns) {
  /** The format's version that this code writes and reads. */
  public static final int VERSION = 2;

  /** What a column is for. */
  public enum Role {
    KEY,
    /** A value to predict. */
    TARGET,
    /** A value to predict from. */
    FEATURE
  }

  /**
   * One column.
   *
   * @param type its Parquet type
   * @param group feature group, or {@code targets}; empty for the key
   * @param source where its values come from: a table or a file; empty for the key
   * @param nulls rows without a value
   */
  public record ColumnCard(
      String name, String type, Role role, String group, String source, long nulls) {}

  /** How many features it has. */
  public int features() {
    return (int) columns.stream().filter(column -> column.role == Role.FEATURE).count();
  }

  /** Where the card of a training file is. */
  public static String path(String trainingFile) {
    return trainingFile.replaceFirst("\\.parquet$", "") + ".json";
  }

  /**
   * Writes the card beside a training file, whole or not at all.
   *
   * @param temporary its name until then, which no other attempt uses
   */
  public void write(Storage storage, String temporary, String trainingFile) throws IOException {
    try (NewFile card = storage.newFile(temporary)) {
      card.write(Json.record(this));
      card.publish(path(trainingFile));
    }
  }

  /**
   * Reads the card of a training file, if there is one.
   *
   * @throws InvalidInputException when it is damaged or of another version
   */
  public static Optional<TrainingCard> read(Storage storage, String trainingFile)
      throws IOException {
    String path = path(trainingFile);
    return storage
        .readIfThere(path)
        .map(json -> Json.parse(path, json, VERSION, "merge again", TrainingCard.class));
  }
}
