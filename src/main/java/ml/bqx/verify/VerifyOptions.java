package ml.bqx.verify;

import ml.bqx.options.Description;
import ml.bqx.options.Required;
import ml.bqx.options.WarehouseOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Options of {@code verify}; {@link VerifyConfig#from} validates them. Dates, groups and limit must
 * be those of the extraction, or the training file does not match the warehouse.
 */
@Description("Verification")
public interface VerifyOptions extends WarehouseOptions {
  @Description("Local directory of training_{pair}.parquet.")
  @Required
  @Nullable String getOutput();
}
