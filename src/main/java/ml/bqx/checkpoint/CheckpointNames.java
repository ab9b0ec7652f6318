package ml.bqx.checkpoint;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.catalog.Category;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/** Names of checkpoint files. */
public final class CheckpointNames {
  /** Precedes the table's name. */
  private static final String PREFIX = "checkpoint_";

  /** Table of the targets' checkpoint: the same name for all pairs. */
  public static final String TARGETS = "targets";

  /** Directory of the commit records; the underscore hides it from tools that read directories. */
  private static final String RECORDS = "_commits";

  private static final Pattern FILE =
      Pattern.compile("(?:checkpoint_)?(?<table>.+?)(?:-\\d{5,9}-of-\\d{5,9})?\\.parquet");

  private CheckpointNames() {}

  /** The name of shard {@code index} of {@code count} (a lone one has no number). */
  public static String file(String table, int index, int count) {
    String shard = count == 1 ? "" : "-%05d-of-%05d".formatted(index, count);
    return prefix(table) + shard + ".parquet";
  }

  /** How the names of a table's files begin, and perhaps those of others. */
  static String prefix(String table) {
    return PREFIX + table;
  }

  /** Where the commit record of a checkpoint is. */
  static String record(String directory, CheckpointEntry entry) {
    return record(directory, name(entry));
  }

  /** Where the commit record of a table is. */
  static String record(String directory, String table) {
    return "%s/%s/%s.json".formatted(directory, RECORDS, table);
  }

  private static String name(CheckpointEntry entry) {
    return entry.category() == Category.TARGETS ? TARGETS : entry.table();
  }

  /**
   * Shows that an extraction has begun in the directory, before any checkpoint has its name there:
   * without a manifest they would be taken for another tool's, and for all there are.
   */
  public static void begin(Storage storage, String directory) throws IOException {
    storage.createDirectory(directory + "/" + RECORDS);
  }

  /**
   * Deletes the records of an extraction, when no checkpoint has its name in the directory any
   * more.
   */
  public static void end(Storage storage, String directory, List<String> records)
      throws IOException {
    storage.delete(records);
    storage.deleteIfEmpty(directory + "/" + RECORDS);
  }

  /** Whether an extraction by this tool has begun in the directory. */
  public static boolean hasCommits(Storage storage, String directory) throws IOException {
    return storage.hasDirectory(directory + "/" + RECORDS);
  }

  /**
   * Deletes files that have the name of a checkpoint's table and are none of its: those of other
   * shards, which killed runs left.
   */
  public static void deleteStale(Storage storage, String directory, List<CheckpointEntry> entries)
      throws IOException {
    Set<String> used =
        entries.stream()
            .flatMap(entry -> entry.files().stream())
            .map(CheckpointFile::name)
            .collect(toSet());
    Set<Optional<String>> tables = used.stream().map(CheckpointNames::table).collect(toSet());
    storage.delete(
        storage.list(directory, PREFIX).stream()
            .filter(file -> !used.contains(file.name()) && tables.contains(table(file.name())))
            .map(FileStatus::path)
            .toList());
  }

  /**
   * The table in a file's name, written by this or another tool; empty when it is not a Parquet
   * file.
   */
  public static Optional<String> table(String fileName) {
    Matcher matcher = FILE.matcher(fileName);
    return matcher.matches() ? Optional.of(matcher.group("table")) : Optional.empty();
  }
}
