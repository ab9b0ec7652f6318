package ml.bqx.sample;

import ml.bqx.options.PairOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code sample}; {@link SampleConfig#from} validates them. */
@Description("The sample")
public interface SampleOptions extends PairOptions {
  @Description(
      "DuckDB file to create, as duckdb:FILE. A sample of the same options but fewer minutes, and"
          + " no defects, gets rows appended; any other existing file is replaced.")
  @Required
  @Nullable String getWarehouse();

  @Description("Rows of the spine, one per minute.")
  default int getMinutes() {
    return 10_080;
  }

  @Description("First day, yyyy-mm-dd in UTC.")
  default String getStartDate() {
    return "2024-01-01";
  }

  @Description("Seed of the random content: the same seed gives the same warehouse.")
  default long getSeed() {
    return 1;
  }

  @Description(
      "Width of the 666 feature tables: seed has 6,477 features in total, full has 16,965"
          + " features.")
  default String getSize() {
    return "seed";
  }

  @Description(
      "Comma-separated defects to build in. What an extraction refuses or leaves out:"
          + " repeated_timestamps, clashing_names, empty_table, missing_key, odd_type. What a"
          + " report finds: gap_day, shrunk_table, constant_since, level_shift, changed_unit,"
          + " nan_values, duplicate_feature, shifted_target.")
  default String getDefects() {
    return "";
  }

  @Description("Feature tables to create: a glob over their names, for example agg_*.")
  default String getTables() {
    return "*";
  }
}
