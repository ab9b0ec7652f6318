package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What {@code merge} can be told; {@link MergeConfig#from} validates it. */
@Description("Merge")
public interface MergeOptions
    extends PairOptions, CheckpointOptions, EngineOptions, BigQueryMergeOptions {
  @Description("Directory or gs://bucket/folder for training_{pair}.parquet.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.FOLDER)
  @Nullable String getOutput();

  void setOutput(@Nullable String output);

  @Description("How the checkpoints are joined; all methods give the same table.")
  @Default.Enum("BEAM")
  MergeMethod getMergeMethod();

  void setMergeMethod(MergeMethod mergeMethod);

  @Description("Exact number of features required; 0 disables the check.")
  @Default.Integer(0)
  int getExpectedFeatures();

  void setExpectedFeatures(int expectedFeatures);

  @Description("Exact number of targets required; 0 disables the check.")
  @Default.Integer(0)
  int getExpectedTargets();

  void setExpectedTargets(int expectedTargets);

  @Description("Minimum rows of the training file; 0 disables the check.")
  @Default.Long(0)
  long getMinRows();

  void setMinRows(long minRows);

  @Description("Minimum number of checkpoints, targets included; 0 disables the check.")
  @Default.Integer(0)
  int getMinCheckpoints();

  void setMinCheckpoints(int minCheckpoints);
}
