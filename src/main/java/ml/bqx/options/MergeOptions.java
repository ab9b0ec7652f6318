package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What {@code merge} can be told; {@link MergeConfig#from} validates it. */
@Description("Merge")
public interface MergeOptions
    extends PairOptions, CheckpointOptions, EngineOptions, BigQueryMergeOptions {
  @Description("Directory or gs://bucket/folder that training_{pair}.parquet is written to.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.FOLDER)
  @Nullable String getOutput();

  void setOutput(@Nullable String output);

  @Description("How the checkpoints are joined; every method gives the same table.")
  @Default.Enum("BEAM")
  MergeMethod getMergeMethod();

  void setMergeMethod(MergeMethod mergeMethod);

  @Description("Features the training file must have, exactly; 0 does not check.")
  @Default.Integer(0)
  int getExpectedFeatures();

  void setExpectedFeatures(int expectedFeatures);

  @Description("Targets the training file must have, exactly; 0 does not check.")
  @Default.Integer(0)
  int getExpectedTargets();

  void setExpectedTargets(int expectedTargets);

  @Description("Rows the training file must have at least; 0 does not check.")
  @Default.Long(0)
  long getMinRows();

  void setMinRows(long minRows);

  @Description("Checkpoints there must be at least, targets included; 0 does not check.")
  @Default.Integer(0)
  int getMinCheckpoints();

  void setMinCheckpoints(int minCheckpoints);
}
