package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code --mergeMethod=bigquery} can be told, besides Beam's own {@code --project} and {@code
 * --tempLocation}; {@link BigQueryMergeConfig#from} validates it.
 */
@Description("Merge method bigquery")
public interface BigQueryMergeOptions extends PipelineOptions {
  @Description(
      "Where BigQuery joins, for example EU or us-central1; otherwise where the bucket of"
          + " --tempLocation lies. The method needs --project and --tempLocation=gs://bucket/folder"
          + " too.")
  @Nullable String getLocation();

  void setLocation(@Nullable String location);

  @Description(
      "Bytes that all queries of the merge together may bill; one that would go beyond is not run."
          + " 0 sets no bound.")
  @Default.Long(100_000_000_000L)
  long getMaximumBytesBilled();

  void setMaximumBytesBilled(long maximumBytesBilled);
}
