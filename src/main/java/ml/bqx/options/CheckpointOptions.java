package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where checkpoints are, and how rows become Parquet. */
@Description("Checkpoints and Parquet")
public interface CheckpointOptions extends CommandOptions {
  /** A column of one row group is held in memory, several at once: 8 MiB of doubles each. */
  int MOST_ROW_GROUP_ROWS = 1_048_576;

  @Description("Directory or gs://bucket/folder of the checkpoints. Each pair has a subdirectory.")
  @Required
  @TemplateParameter(TemplateParameter.FOLDER)
  @Nullable String getCheckpoints();

  @Description(
      "Local paths are on a disk that all workers see under the same names. Without it, they are"
          + " refused with any other --runner than the Direct runner.")
  boolean isSharedDirectory();

  @Description(
      "What to do when a table contains a timestamp more than once: fail, or keep the first or the"
          + " last of the rows.")
  default DuplicatePolicy getOnDuplicate() {
    return DuplicatePolicy.FAIL;
  }

  @Description(
      "What to do with a column of an unsupported type: fail; skip it; or read numbers, such as"
          + " DuckDB's HUGEINT, as the nearest double and skip other types. What was skipped or"
          + " rounded is counted.")
  default UnsupportedTypePolicy getOnUnsupportedType() {
    return UnsupportedTypePolicy.FAIL;
  }

  @Description(
      "Rows of a Parquet row group, which is a row block of the training file. auto: a merge takes"
          + " what aligned checkpoints have; otherwise 16,384, less where a row group would have more"
          + " than 1 GB of doubles, more where the footer would have more than 64 MB.")
  default String getRowGroupRows() {
    return "auto";
  }
}
