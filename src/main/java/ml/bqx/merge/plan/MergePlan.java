package ml.bqx.merge.plan;

import java.io.IOException;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.ChoiceConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ColumnTypes;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingChoice;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a merge is going to do, known before any data is read.
 *
 * @param storage where checkpoints and training file are
 * @param columns in the order in which they are merged: the key, the targets, the features by
 *     group, the pair
 * @param encodings for each of these columns how its values are written
 * @param order for each column of the training file its index in {@code columns}
 * @param offered what the checkpoints have of which these columns were chosen
 * @param sources the targets, then the feature groups by name
 * @param files the sources' files, as they were when the merge was planned
 * @param manifest fingerprint of the set's manifest; {@code none} in a foreign set
 * @param findings what was left out, filled or renamed
 * @param started when it was planned, ISO 8601
 * @param gates limits that the data must keep; null when there are none
 */
public record MergePlan(
    Storage storage,
    MergeConfig config,
    List<ColumnSchema> columns,
    List<ColumnEncoding> encodings,
    List<Integer> order,
    Offered offered,
    List<SourcePlan> sources,
    List<FileStatus> files,
    String manifest,
    Findings findings,
    String started,
    @Nullable PlannedGates gates)
    implements Serializable {
  /**
   * Checkpoints joined at a time: one more than there are cores, so that one can wait for a disk.
   */
  public static final int WORKERS = Runtime.getRuntime().availableProcessors() + 1;

  /** Numbers of targets and features. */
  public record Offered(int targets, int features) implements Serializable {}

  /**
   * Makes sure that the files are still those that the merge was planned with.
   *
   * @throws InvalidInputException naming the first that was replaced or deleted
   */
  public void checkUnchanged() throws IOException {
    Set<String> directories =
        files.stream()
            .map(file -> file.path().substring(0, file.path().lastIndexOf('/')))
            .collect(Collectors.toSet());
    Map<String, FileStatus> found = new HashMap<>();
    for (String directory : directories) {
      storage.list(directory).forEach(file -> found.put(file.path(), file));
    }

    for (FileStatus file : files) {
      if (!file.equals(found.get(file.path()))) {
        throw new InvalidInputException(
            "Cannot merge %s: it was replaced, changed or deleted during the merge; nothing was published, merge again"
                .formatted(file.path()));
      }
    }
  }

  /** The same merge with gates that have been checked. */
  public MergePlan with(PlannedGates checked) {
    return new MergePlan(
        storage, config, columns, encodings, order, offered, sources, files, manifest, findings,
        started, checked);
  }

  /** The checkpoint that determines the spine. */
  public SourcePlan targets() {
    return sources.get(0);
  }

  /** Number of targets. */
  public int targetCount() {
    return targets().columns().size();
  }

  /** Number of features. */
  public int featureCount() {
    return joined().size() - targetCount();
  }

  /** The columns of the training file, in its order. */
  public List<ColumnSchema> fileColumns() {
    return order.stream().map(written()::get).toList();
  }

  /** The columns as they are written, in the order in which they are merged. */
  public List<ColumnSchema> written() {
    return encodings.stream().map(ColumnEncoding::encoded).toList();
  }

  /** The columns that come from checkpoints, in the order in which they are merged. */
  public List<ColumnSchema> joined() {
    return columns.subList(1, columns.size() - (config.choice().pairColumn() ? 1 : 0));
  }

  /** For each column of the plan its index in the training file. */
  public int[] places() {
    int[] places = new int[columns.size()];
    for (int i = 0; i < order.size(); i++) {
      places[order.get(i)] = i;
    }

    return places;
  }

  /** What was chosen; empty when the training file has all that there is. */
  public Optional<TrainingChoice> choice() {
    ChoiceConfig choice = config.choice();
    return choice.isPart()
        ? Optional.of(
            new TrainingChoice(
                offered.targets(),
                offered.features(),
                choice.order().toString(),
                day(choice.dates().start()),
                day(choice.dates().end()),
                choice.types() == ColumnTypes.NUMERIC,
                choice.types() == ColumnTypes.ENCODED,
                choice.pairColumn()))
        : Optional.empty();
  }

  private static @Nullable String day(@Nullable LocalDate day) {
    return day == null ? null : day.toString();
  }

  /** Whether doubles become FLOATs in the training file, or did so in its checkpoints. */
  public boolean isSingle() {
    return config.choice().floatType() == FloatType.FLOAT32
        || sources.stream()
            .anyMatch(
                source ->
                    source.provenance() instanceof Provenance.Extracted extracted
                        && extracted.entry().asFloats() != null);
  }

  /** The timestamps that the training file may have. */
  public TimeRange range() {
    return TimeRange.of(config.choice().dates());
  }

  /** The columns that come from a source. */
  public List<ColumnSchema> columns(SourcePlan source) {
    return columns.subList(source.firstColumn(), source.firstColumn() + source.columns().size());
  }
}
