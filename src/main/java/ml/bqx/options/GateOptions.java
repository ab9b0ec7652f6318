package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Limits that the data of a training file must keep; {@code GateConfig} validates them. */
@Description("Gates")
public interface GateOptions extends CommandOptions {
  @Description(
      "YAML file with limits for the data, by category of feature groups: null share, coverage,"
          + " constants, duplicates, target leaks, NaN, drift; see docs/quality.md. Data beyond one"
          + " of them is not published.")
  @Nullable String getGates();

  @Description(
      "What to do with data that does not pass --gates: fail publishes nothing and lists the gates;"
          + " warn publishes the file, and lists them in the output and in the card.")
  default GatePolicy getOnGate() {
    return GatePolicy.FAIL;
  }
}
