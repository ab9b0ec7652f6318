package ml.bqx.training;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.checkpoint.Json;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

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
 * @param choice what was taken of the checkpoints; null when all was
 * @param splits which rows are for what; null when they are not divided
 * @param files those that hold a part of the rows each
 * @param joined what joining the checkpoints has filled and dropped
 * @param notFiniteTargets for each target that has NaN or infinite values, how many
 * @param failedGates limits of {@code --gates} that the data does not keep, in words; published all
 *     the same, because {@code --onGate=warn} asked for it
 * @param options of the merge that decide how the file is written
 * @param started when the merge was planned, ISO 8601
 * @param published when the file got its name, ISO 8601
 * @param leftOut files and columns that were not used, by reason
 * @param filled columns that only some parts of a table have, null in the others
 * @param codes for each column of encoded texts these texts, in the order of their codes
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
    @Nullable TrainingChoice choice,
    @Nullable TrainingSplits splits,
    List<PartCard> files,
    JoinCounts joined,
    Map<String, Long> notFiniteTargets,
    List<String> failedGates,
    Map<String, String> options,
    String started,
    String published,
    Map<String, List<String>> leftOut,
    List<String> filled,
    List<String> renamed,
    Map<String, List<String>> codes,
    List<ColumnCard> columns) {
  /** The format's version that this code writes and reads. */
  public static final int VERSION = 5;

  /** What a column is for. */
  public enum Role {
    KEY,
    /** The pair, the same in every row. */
    PAIR,
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
   * @param horizon minutes that a target lies ahead, by its name; null for other columns, and when
   *     the name does not tell
   * @param encoding how its values became doubles: integer, boolean, code, days, seconds or
   *     decimal; null when they are as they were
   * @param nulls rows without a value
   * @param minimum the least value: a number, a boolean, a text, a day or a time in ISO 8601; null
   *     when the footer does not tell, as of decimals and of numbers with a NaN among them
   * @param maximum the greatest value, in the same form
   */
  public record ColumnCard(
      String name,
      String type,
      Role role,
      String group,
      String source,
      @Nullable Long horizon,
      @Nullable String encoding,
      long nulls,
      @Nullable Object minimum,
      @Nullable Object maximum) {}

  /**
   * A file with a part of the rows.
   *
   * @param part name of the part
   * @param name of the file, which is beside the training file
   * @param rows rows in it
   * @param bytes its size
   * @param crc32c CRC32C of its bytes, 8 hex digits
   */
  public record PartCard(String part, String name, long rows, long bytes, String crc32c) {}

  /** Where the file of a part is. */
  public static String partPath(String trainingFile, String part) {
    return "%s_%s.parquet".formatted(trainingFile.replaceFirst("\\.parquet$", ""), part);
  }

  /** How many features it has. */
  public int features() {
    return (int) columns.stream().filter(column -> column.role == Role.FEATURE).count();
  }

  /** The same, with other files of parts. */
  public TrainingCard with(List<PartCard> others) {
    return new TrainingCard(
        version,
        tool,
        pair,
        method,
        bytes,
        crc32c,
        rows,
        rowGroups,
        first,
        last,
        manifest,
        spine,
        choice,
        splits,
        others,
        joined,
        notFiniteTargets,
        failedGates,
        options,
        started,
        published,
        leftOut,
        filled,
        renamed,
        codes,
        columns);
  }

  /** Where the card of a training file is. */
  public static String path(String trainingFile) {
    return trainingFile.replaceFirst("\\.parquet$", "") + ".json";
  }

  /**
   * Writes the card beside a training file, whole or not at all. When another merge gives its own
   * file that name meanwhile, the card is that merge's to write.
   *
   * @param temporary its name until then, which no other attempt uses
   * @param described the file that the card is of, under any name
   */
  public void write(Storage storage, String temporary, String trainingFile, FileStatus described)
      throws IOException {
    try (NewFile card = storage.newFile(temporary)) {
      card.write(Json.record(this));
      // The other merge's card may have come just now: it is replaced only by that of a newer file.
      if (isOf(described, storage, trainingFile)
          && !card.publishNew(path(trainingFile))
          && isOf(described, storage, trainingFile)) {
        card.publish(path(trainingFile));
      }
    }
  }

  private static boolean isOf(FileStatus described, Storage storage, String trainingFile)
      throws IOException {
    return storage.status(trainingFile).filter(found -> found.isRenamed(described)).isPresent();
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
