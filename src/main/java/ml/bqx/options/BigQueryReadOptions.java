package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How tables are read out of BigQuery; {@code BigQueryConfig} validates it. */
@Description("BigQuery")
public interface BigQueryReadOptions extends CommandOptions {
  @Description(
      "Time as of which all tables are read, for example 2024-01-31T12:00:00Z, within the time"
          + " travel window of the datasets (7 days, unless set otherwise); or none, to read each"
          + " table as it is when its turn comes, which tables with row access policies require."
          + " Default: the start of the run.")
  @TemplateParameter(TemplateParameter.MOMENT)
  @Nullable String getSnapshotTime();

  @Description(
      "Rows to read of some tables: TABLES=CONDITION, where TABLES is a glob over names of groups or"
          + " tables and CONDITION is SQL, for example 'agg_*=day >= \"2024-01-01\"'; several with"
          + " semicolons between them. BigQuery requires a condition for tables with"
          + " require_partition_filter; for those partitioned by interval_time it is sent anyway.")
  @Nullable String getRowFilter();

  @Description(
      "The wave that this job extracts, for example 2/8. Jobs of one pair may run at the same"
          + " time, with the same --snapshotTime. Default: all waves, one after the other.")
  @TemplateParameter(TemplateParameter.WAVE)
  @Nullable String getWave();

  @Description(
      "Number of waves into which the feature groups are divided, unless --wave is given. A wave"
          + " that fails affects its own groups only.")
  default int getWaves() {
    return 8;
  }

  @Description(
      "Extract views too, each with a query, because Storage Read cannot read views. A query bills"
          + " the bytes it scans, and sees the view as of the query's start.")
  default boolean isMaterializeViews() {
    return false;
  }

  @Description("Seconds without a response from BigQuery after which a read fails.")
  default int getStorageReadTimeout() {
    return 300;
  }

  @Description(
      "US dollars per TiB read, for the estimate of --validateOnly. Default: the list price in the"
          + " US, which is printed with its source and date; other regions differ.")
  @Nullable Double getStorageReadPricePerTiB();
}
