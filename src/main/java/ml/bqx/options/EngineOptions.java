package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the merge methods can be told that let another engine join; see {@link EngineConfig}. */
@Description("Merge methods duckdb, polars and bigquery")
public interface EngineOptions extends PipelineOptions {
  @Description("Memory that duckdb may use before it spills to disk, in MB or GB.")
  @Default.String("4GB")
  String getDuckdbMemory();

  void setDuckdbMemory(String duckdbMemory);

  @Description(
      "Local directory for intermediate files, which are deleted at the end. Default: beside the"
          + " training file.")
  @Nullable String getSpillDirectory();

  void setSpillDirectory(@Nullable String spillDirectory);

  @Description("Python interpreter that has polars installed.")
  @Default.String("python3")
  String getPython();

  void setPython(String python);

  @Description("Merge with polars even if the estimate says that there is not enough memory.")
  boolean isForcePolars();

  void setForcePolars(boolean forcePolars);
}
