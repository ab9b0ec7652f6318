package ml.bqx.merge.plan;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/**
 * What a merge is going to do, known before any data is read.
 *
 * @param storage where checkpoints and training file are
 * @param columns the training file's columns: the key, the targets, the features
 * @param sources the targets, then the feature groups by name
 * @param files the sources' files, as they were when the merge was planned
 * @param manifest fingerprint of the set's manifest; {@code none} in a foreign set
 * @param findings what was left out, filled or renamed
 */
public record MergePlan(
    Storage storage,
    MergeConfig config,
    List<ColumnSchema> columns,
    List<SourcePlan> sources,
    List<FileStatus> files,
    String manifest,
    Findings findings)
    implements Serializable {
  /**
   * Checkpoints joined at a time: one more than there are cores, so that one can wait for a disk.
   */
  public static final int WORKERS = Runtime.getRuntime().availableProcessors() + 1;

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
    Set<FileStatus> found = new HashSet<>();
    for (String directory : directories) {
      found.addAll(storage.list(directory));
    }

    for (FileStatus file : files) {
      if (!found.contains(file)) {
        throw new InvalidInputException(
            "Cannot merge %s: it was replaced, changed or deleted during the merge; nothing was published, merge again"
                .formatted(file.path()));
      }
    }
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
    return columns.size() - 1 - targetCount();
  }

  /** The training file's columns that come from a source. */
  public List<ColumnSchema> columns(SourcePlan source) {
    return columns.subList(source.firstColumn(), source.firstColumn() + source.columns().size());
  }
}
