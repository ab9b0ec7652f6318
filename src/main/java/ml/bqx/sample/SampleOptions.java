package ml.bqx.sample;

import ml.bqx.options.PairOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code sample} can be told. It becomes a config outside this package, which knows no
 * warehouses; for that reason size and defects are text here.
 */
@Description("The sample")
public interface SampleOptions extends PairOptions {
  @Description("Where it is made: duckdb:FILE. A file that is there is replaced.")
  @Validation.Required
  @Nullable String getWarehouse();

  void setWarehouse(@Nullable String warehouse);

  @Description("Rows of the spine, one a minute.")
  @Default.Integer(10_080)
  int getMinutes();

  void setMinutes(int minutes);

  @Description("The first day, yyyy-mm-dd in UTC.")
  @Default.String("2024-01-01")
  String getStartDate();

  void setStartDate(String startDate);

  @Description("Any number; another one gives other prices, the same one the same content.")
  @Default.Long(1)
  long getSeed();

  void setSeed(long seed);

  @Description(
      "How wide the 666 tables are: seed for 6,477 features in all, full for 16,965 features.")
  @Default.String("seed")
  String getSize();

  void setSize(String size);

  @Description(
      "What shall be wrong with it, with commas between: repeated_timestamps, clashing_names,"
          + " empty_table, missing_key, odd_type.")
  @Default.String("")
  String getDefects();

  void setDefects(String defects);

  @Description("Feature tables that are made: a glob over their names, for example agg_*.")
  @Default.String("*")
  String getTables();

  void setTables(String tables);
}
