package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where the feature tables and targets are, and which rows and groups of them are taken. */
@Description("The warehouse")
public interface WarehouseOptions extends PairOptions {
  @Description("Where the tables are: bigquery (with --project) or duckdb:FILE.")
  @Validation.Required
  @Nullable String getWarehouse();

  void setWarehouse(@Nullable String warehouse);

  @Description("Dataset (in DuckDB: schema) of the feature tables.")
  @Default.String("bqx_ml_v3_features_v2")
  @TemplateParameter(TemplateParameter.DATASET)
  String getFeaturesDataset();

  void setFeaturesDataset(String featuresDataset);

  @Description("Dataset (in DuckDB: schema) of the target tables, targets_{pair}.")
  @Default.String("bqx_ml_v3_analytics_v2")
  @TemplateParameter(TemplateParameter.DATASET)
  String getAnalyticsDataset();

  void setAnalyticsDataset(String analyticsDataset);

  @Description("First day to read, yyyy-mm-dd in UTC, inclusive. Default: from the first row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getStartDate();

  void setStartDate(@Nullable String startDate);

  @Description("Last day to read, yyyy-mm-dd in UTC, inclusive. Default: to the last row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getEndDate();

  void setEndDate(@Nullable String endDate);

  @Description(
      "Feature groups to take: a glob over names of groups or tables, for example agg_* or"
          + " {agg,mom}_*. Quote it, or the shell may expand it.")
  @Default.String("*")
  String getGroups();

  void setGroups(String groups);

  @Description("Maximum rows of the spine, from its start, for smoke runs; 0 means no limit.")
  @Default.Long(0)
  long getLimit();

  void setLimit(long limit);
}
