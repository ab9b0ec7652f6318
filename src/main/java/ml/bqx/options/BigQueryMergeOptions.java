package ml.bqx.options;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code --mergeMethod=bigquery} can be told, besides Beam's own {@code --project} and {@code
 * --tempLocation}; {@link BigQueryMergeConfig#from} validates it.
 */
@Description("Merge method bigquery")
public interface BigQueryMergeOptions extends CommandOptions {
  @Description(
      "Location of the temporary dataset, for example EU or us-central1. Default: that of the"
          + " bucket of --tempLocation. The method also requires --project and"
          + " --tempLocation=gs://bucket/folder.")
  @Nullable String getLocation();

  @Description(
      "Maximum bytes that all queries of the merge may bill together; a query that would exceed it"
          + " is not run. 0 means no limit.")
  default long getMaximumBytesBilled() {
    return 100_000_000_000L;
  }
}
