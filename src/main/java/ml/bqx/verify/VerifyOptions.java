package ml.bqx.verify;

import ml.bqx.options.WarehouseOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
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
