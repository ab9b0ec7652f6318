package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code inspect}. */
@Description("Inspection")
public interface InspectOptions extends CommandOptions {
  @Description(
      "Parquet file, or directory of a pair's checkpoints, here or on Cloud Storage. --path= can be"
          + " left out: inspect FILE.")
  @Required
  @Nullable String getPath();

  @Description("Column of the file to tell all about, with the table that it comes from.")
  @Nullable String getFeature();
}
