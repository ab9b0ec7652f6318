package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How tables are read out of BigQuery; {@link BigQueryConfig} validates it. */
@Description("BigQuery")
public interface BigQueryReadOptions extends PipelineOptions {
  @Description(
      "Moment as of which all tables are read, for example 2024-01-31T12:00:00Z; BigQuery goes back"
          + " 7 days at most. Without it, the start of the run.")
  @TemplateParameter(TemplateParameter.MOMENT)
  @Nullable String getSnapshotTime();

  void setSnapshotTime(@Nullable String snapshotTime);

  @Description(
      "The part of the feature groups that this job extracts, for example 2/8; jobs of one pair may"
          + " run at once, with the same --snapshotTime. Without it, all parts one after the"
          + " other.")
  @TemplateParameter(TemplateParameter.WAVE)
  @Nullable String getWave();

  void setWave(@Nullable String wave);

  @Description(
      "In how many parts the feature groups are extracted when --wave does not name one. A part"
          + " that fails costs its own groups only; on one machine, a part must fit in memory.")
  @Default.Integer(8)
  int getWaves();

  void setWaves(int waves);

  @Description(
      "Extract tables that are views too, by a query each (Storage Read cannot read views). A"
          + " query is billed by what it scans, and sees the view as of its own start.")
  @Default.Boolean(false)
  boolean isMaterializeViews();

  void setMaterializeViews(boolean materializeViews);

  @Description("Seconds that BigQuery may leave a read without an answer before it fails.")
  @Default.Integer(300)
  int getStorageReadTimeout();

  void setStorageReadTimeout(int storageReadTimeout);

  @Description(
      "US dollars for a TiB read, for the estimate of --validateOnly; without it, the list price in"
          + " the US, which is printed with its source and date. Other regions differ.")
  @Nullable Double getStorageReadPricePerTiB();

  void setStorageReadPricePerTiB(@Nullable Double storageReadPricePerTiB);
}
