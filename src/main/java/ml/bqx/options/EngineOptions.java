package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of the merge methods that let another engine join. */
@Description("Merge methods duckdb, polars and bigquery")
public interface EngineOptions extends CommandOptions {
  @Description("Memory that duckdb may use before it spills to disk, in MB or GB.")
  default String getDuckdbMemory() {
    return "4GB";
  }

  @Description(
      "Local directory for intermediate files of duckdb and polars, which are deleted at the end."
          + " Default: beside the training file.")
  @Nullable String getSpillDirectory();

  @Description("Python interpreter that has polars installed.")
  default String getPython() {
    return "python3";
  }

  @Description("Merge with polars even if the estimate says that there is not enough memory.")
  boolean isForcePolars();

  @Description(
      "Location of the temporary BigQuery dataset, for example EU or us-central1. Default:"
          + " that of the bucket of --tempLocation. The method also requires --project and"
          + " --tempLocation=gs://bucket/folder.")
  @Nullable String getLocation();

  @Description(
      "Maximum bytes that all BigQuery queries of the merge may bill; a query that would exceed"
          + " it is not run. 0 means no limit.")
  default long getMaximumBytesBilled() {
    return 100_000_000_000L;
  }
}
