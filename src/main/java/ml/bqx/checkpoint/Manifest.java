package ml.bqx.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.common.collect.MapDifference;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Skipped;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The JSON beside the checkpoints of a pair: what was extracted, from where, and its checksums. It
 * is written last and atomically: an extraction is complete when it is there.
 *
 * @param version of this format
 * @param tool name and version of what wrote it
 * @param snapshotTime moment as of which the warehouse was read, ISO 8601; null when the warehouse
 *     has no snapshots
 * @param floatType {@code float32} when doubles were stored as the nearest FLOATs, else null
 * @param options fingerprint of the options that decide what is in the checkpoints
 * @param skippedTables how many tables of the feature dataset were left out, by reason
 * @param columnsAsDouble how many columns of unsupported types were rounded to doubles
 * @param checkpoints targets first, then feature groups by name
 * @param statistics the file with the statistics of all columns; null when there is none
 */
public record Manifest(
    int version,
    String tool,
    String pair,
    String warehouse,
    @Nullable String snapshotTime,
    String layout,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String floatType,
    String options,
    SpineEntry spine,
    Map<String, Integer> skippedTables,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int columnsAsDouble,
    List<CheckpointEntry> checkpoints,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable StatisticsEntry statistics) {

  /** The format's version that this code writes and reads. */
  public static final int VERSION = 3;

  /** Name of the file. The underscore hides it from tools that read whole directories. */
  public static final String FILE_NAME = "_manifest.json";

  /**
   * The spine in short.
   *
   * @param first its first timestamp, ISO 8601
   * @param last its last timestamp, ISO 8601
   * @param rowGroupRows rows of every row group but the last, in an aligned set
   * @param incompleteTargets target rows left out because a target is null
   * @param notFiniteTargets for each target that has NaN or infinite values, how many
   */
  public record SpineEntry(
      int rows,
      String first,
      String last,
      String fingerprint,
      int rowGroupRows,
      long incompleteTargets,
      Map<String, Long> notFiniteTargets) {}

  /**
   * The manifest of an extraction.
   *
   * @param incompleteTargets target rows left out because a target is null
   * @param notFiniteTargets for each target that has NaN or infinite values, how many
   * @param entries of all groups of the catalog and the targets, in any order
   */
  public static Manifest of(
      ExtractConfig config,
      Catalog catalog,
      Spine rows,
      long incompleteTargets,
      Map<String, Long> notFiniteTargets,
      List<CheckpointEntry> entries) {
    Map<String, Integer> skipped = new LinkedHashMap<>();
    for (Skipped left : catalog.skipped()) {
      skipped.put(left.reason().toString(), left.tables().size());
    }

    Instant snapshotTime = config.source().snapshotTime();
    return new Manifest(
        VERSION,
        Build.NAME_AND_VERSION,
        config.pair().name(),
        config.source().name(),
        snapshotTime == null ? null : snapshotTime.toString(),
        config.layout().toString(),
        config.floatType() == FloatType.FLOAT64 ? null : config.floatType().toString(),
        Fingerprint.of(config),
        new SpineEntry(
            rows.rows(),
            Spine.text(rows.timestamps()[0]),
            Spine.text(rows.timestamps()[rows.rows() - 1]),
            rows.fingerprint(),
            config.rowGroupRows(),
            incompleteTargets,
            notFiniteTargets),
        skipped,
        catalog.asDoubles().size(),
        entries.stream()
            .sorted(
                Comparator.comparing(
                        (CheckpointEntry entry) -> entry.category() != Category.TARGETS)
                    .thenComparing(CheckpointEntry::group))
            .toList(),
        null);
  }

  /** The same, with other statistics. */
  public Manifest with(StatisticsEntry other) {
    return new Manifest(
        version,
        tool,
        pair,
        warehouse,
        snapshotTime,
        layout,
        floatType,
        options,
        spine,
        skippedTables,
        columnsAsDouble,
        checkpoints,
        other);
  }

  /**
   * Writes the manifest, whole or not at all, and forces it to the disk. {@link #files} must have
   * been forced before.
   */
  public void write(Storage storage, String directory) throws IOException {
    storage.publish(directory, path(directory), Json.record(this));
  }

  /**
   * Names of the tables that differ from what was extracted: those that are new, or were written
   * since, and those that the catalog no longer has. All of them when the options differ.
   *
   * @param catalog the pair's groups, with their tables' times of change
   */
  public Set<String> outdated(ExtractConfig config, Catalog catalog) {
    Map<String, String> extracted =
        checkpoints.stream()
            .collect(Collectors.toMap(CheckpointEntry::table, CheckpointEntry::fingerprint));
    Map<String, String> wanted =
        catalog.all().stream()
            .collect(
                Collectors.toMap(
                    group -> group.table().name(),
                    group -> Fingerprint.of(config, group, spine.fingerprint())));
    MapDifference<String, String> difference = Maps.difference(extracted, wanted);
    Set<String> outdated = new TreeSet<>(difference.entriesDiffering().keySet());
    outdated.addAll(difference.entriesOnlyOnLeft().keySet());
    outdated.addAll(difference.entriesOnlyOnRight().keySet());
    return outdated;
  }

  /** All files that the manifest lists: checkpoints and their commit records. */
  public List<String> files(String directory) {
    List<String> files = new ArrayList<>(recordPaths(directory));
    files.addAll(checkpointPaths(directory));
    return files;
  }

  /** The files of all checkpoints. */
  public List<String> checkpointPaths(String directory) {
    return checkpoints.stream()
        .flatMap(entry -> entry.files().stream())
        .map(file -> directory + "/" + file.name())
        .toList();
  }

  /** The commit records of all checkpoints. */
  public List<String> recordPaths(String directory) {
    return checkpoints.stream().map(entry -> CheckpointNames.record(directory, entry)).toList();
  }

  /**
   * Reads the manifest of a directory, if there is one.
   *
   * @throws InvalidInputException when it cannot be parsed or is of another version
   */
  public static Optional<Manifest> read(Storage storage, String directory) throws IOException {
    String path = path(directory);
    return storage
        .readIfThere(path)
        .map(json -> Json.parse(path, json, VERSION, "extract again", Manifest.class));
  }

  /** Deletes the manifest, because the directory's content is about to change. */
  public static void withdraw(Storage storage, String directory) throws IOException {
    storage.delete(List.of(path(directory)));
  }

  /** Path of the manifest of a directory. */
  public static String path(String directory) {
    return directory + "/" + FILE_NAME;
  }

  /** Fingerprint of the manifest, 16 hex digits; stored in the training file. */
  public String fingerprint() {
    return Fingerprint.of(Json.record(this));
  }

  /** Number of features. */
  public int features() {
    return checkpoints.stream().skip(1).mapToInt(entry -> entry.columns().size()).sum();
  }

  /** Number of targets. */
  public int targets() {
    return checkpoints.get(0).columns().size();
  }

  /** Sum of a count over all checkpoints. */
  public long sum(ToLongFunction<CheckpointEntry> count) {
    return checkpoints.stream().mapToLong(count).sum();
  }

  /** Number of checkpoints where a count is not 0. */
  public long count(ToLongFunction<CheckpointEntry> count) {
    return checkpoints.stream().filter(entry -> count.applyAsLong(entry) != 0).count();
  }

  /** What all FLOAT64 columns lost when they became FLOAT; nothing when they did not. */
  public ValueLosses asFloats() {
    return checkpoints.stream()
        .flatMap(entry -> Optional.ofNullable(entry.asFloats()).stream())
        .reduce(ValueLosses.NONE, ValueLosses::plus);
  }

  /** Size of all checkpoints. */
  public long bytes() {
    return sum(CheckpointEntry::bytes);
  }
}
