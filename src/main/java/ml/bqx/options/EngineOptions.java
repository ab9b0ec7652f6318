package ml.bqx.options;

import org.checkerframework.checker.nullness.qual.Nullable;

/** What the merge methods can be told that let another engine join; see {@link EngineConfig}. */
@Description("Merge methods duckdb, polars and bigquery")
public interface EngineOptions extends CommandOptions {
  @Description("Memory that duckdb may use before it spills to disk, in MB or GB.")
  default String getDuckdbMemory() {
    return "4GB";
  }

  @Description(
      "Local directory for intermediate files, which are deleted at the end. Default: beside the"
          + " training file.")
  @Nullable String getSpillDirectory();

  @Description("Python interpreter that has polars installed.")
  default String getPython() {
    return "python3";
  }

  @Description("Merge with polars even if the estimate says that there is not enough memory.")
  boolean isForcePolars();
}
