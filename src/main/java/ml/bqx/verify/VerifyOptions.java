package ml.bqx.verify;

import ml.bqx.options.WarehouseOptions;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code verify} can be told; {@link VerifyConfig#from} validates it. Dates, groups and limit
 * must be those of the extraction, for the training file to be what the warehouse holds.
 */
@Description("Verification")
public interface VerifyOptions extends WarehouseOptions {
  @Description("Local directory of training_{pair}.parquet.")
  @Validation.Required
  @Nullable String getOutput();

  void setOutput(@Nullable String output);
}
