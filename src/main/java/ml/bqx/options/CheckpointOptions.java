package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where checkpoints lie, and how rows become Parquet. */
@Description("Checkpoints and Parquet")
public interface CheckpointOptions extends PipelineOptions {
  /** A column of one row group is held in memory, several at once: 8 MiB of doubles each. */
  int MOST_ROW_GROUP_ROWS = 1_048_576;

  @Description("Directory or gs://bucket/folder of the checkpoints. Each pair has a subdirectory.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.FOLDER)
  @Nullable String getCheckpoints();

  void setCheckpoints(@Nullable String checkpoints);

  @Description(
      "What to do when a table contains a timestamp more than once: fail, or keep the first or the"
          + " last of the rows.")
  @Default.Enum("FAIL")
  DuplicatePolicy getOnDuplicate();

  void setOnDuplicate(DuplicatePolicy onDuplicate);

  // Few row groups keep the footer of 6,484 columns small, and a column of one still fits a cache.
  @Description("Rows of a Parquet row group, which is a row block of the training file.")
  @Default.Integer(16_384)
  int getRowGroupRows();

  void setRowGroupRows(int rowGroupRows);

  @Description("Compression of Parquet pages.")
  @Default.Enum("SNAPPY")
  Compression getCompression();

  void setCompression(Compression compression);
}
