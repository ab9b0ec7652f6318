package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where the feature tables and targets are. */
@Description("The warehouse")
public interface WarehouseOptions extends PipelineOptions {
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
}
