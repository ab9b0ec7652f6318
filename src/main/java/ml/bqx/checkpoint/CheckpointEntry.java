package ml.bqx.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.List;
import ml.bqx.catalog.Category;
import ml.bqx.parquet.ValueLosses;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of one checkpoint: its commit record, and its part of the manifest.
 *
 * @param group feature group
 * @param dataset dataset of the source table
 * @param table source table
 * @param lastModified when the source table was last written, ISO 8601; null when unknown
 * @param fingerprint of everything that decides what is in the checkpoint
 * @param columns features or targets in their order
 * @param rowsRead rows of the source inside the spine's range
 * @param rowsMissing spine rows that the source lacks; null in the training file
 * @param rowsOutside source rows whose timestamp is not in the spine; dropped
 * @param rowsWithoutTimestamp source rows whose timestamp is null; dropped
 * @param duplicates source rows that repeat a timestamp; dropped by policy
 * @param asFloats what FLOAT64 columns lost when they became FLOAT; null when they did not
 * @param files the checkpoint's files in spine order
 */
@JsonIgnoreProperties(CommitRecord.OBSERVATION)
public record CheckpointEntry(
    String group,
    Category category,
    String dataset,
    String table,
    @Nullable String lastModified,
    String fingerprint,
    List<ColumnEntry> columns,
    long rowsRead,
    long rowsMissing,
    long rowsOutside,
    long rowsWithoutTimestamp,
    long duplicates,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ValueLosses asFloats,
    List<CheckpointFile> files)
    implements Serializable {

  /**
   * One column of a checkpoint.
   *
   * @param name its name in checkpoint and training file
   * @param source its name in the source table
   * @param type its type in the warehouse's words
   * @param nulls rows of the training file where it is null
   */
  public record ColumnEntry(String name, String source, String type, long nulls)
      implements Serializable {}

  /** Size of all files. */
  public long bytes() {
    return files.stream().mapToLong(CheckpointFile::bytes).sum();
  }
}
