package ml.bqx.sample;

import ml.bqx.options.PairOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code sample}; {@link SampleConfig#from} validates them. */
@Description("The sample")
public interface SampleOptions extends PairOptions {
  @Description("DuckDB file to create, as duckdb:FILE. An existing file is replaced.")
  @Validation.Required
  @Nullable String getWarehouse();

  void setWarehouse(@Nullable String warehouse);

  @Description("Rows of the spine, one per minute.")
  @Default.Integer(10_080)
  int getMinutes();

  void setMinutes(int minutes);

  @Description("First day, yyyy-mm-dd in UTC.")
  @Default.String("2024-01-01")
  String getStartDate();

  void setStartDate(String startDate);

  @Description("Seed of the random content: the same seed gives the same warehouse.")
  @Default.Long(1)
  long getSeed();

  void setSeed(long seed);

  @Description(
      "Width of the 666 feature tables: seed has 6,477 features in total, full has 16,965"
          + " features.")
  @Default.String("seed")
  String getSize();

  void setSize(String size);

  @Description(
      "Comma-separated defects to build in: repeated_timestamps, clashing_names, empty_table,"
          + " missing_key, odd_type.")
  @Default.String("")
  String getDefects();

  void setDefects(String defects);

  @Description("Feature tables to create: a glob over their names, for example agg_*.")
  @Default.String("*")
  String getTables();

  void setTables(String tables);
}
