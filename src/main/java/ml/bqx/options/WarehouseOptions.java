package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where the feature tables and targets are, and which rows and groups of them are taken. */
@Description("The warehouse")
public interface WarehouseOptions extends PairOptions {
  @Description("Where the tables are: duckdb:FILE; extract also takes bigquery (with --project).")
  @Required
  @Nullable String getWarehouse();

  @Description("Dataset (in DuckDB: schema) of the feature tables.")
  @TemplateParameter(TemplateParameter.DATASET)
  default String getFeaturesDataset() {
    return "bqx_ml_v3_features_v2";
  }

  @Description("Dataset (in DuckDB: schema) of the target tables, targets_{pair}.")
  @TemplateParameter(TemplateParameter.DATASET)
  default String getAnalyticsDataset() {
    return "bqx_ml_v3_analytics_v2";
  }

  @Description("First day to read, yyyy-mm-dd in UTC, inclusive. Default: from the first row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getStartDate();

  @Description("Last day to read, yyyy-mm-dd in UTC, inclusive. Default: to the last row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getEndDate();

  @Description(
      "Feature groups to take: a glob over names of groups or tables, for example agg_* or"
          + " {agg,mom}_*. Quote it, or the shell may expand it.")
  default String getGroups() {
    return "*";
  }

  @Description("Maximum rows of the spine, from its start, for smoke runs; 0 means no limit.")
  default long getLimit() {
    return 0;
  }
}
