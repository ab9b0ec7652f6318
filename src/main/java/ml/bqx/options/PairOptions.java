package ml.bqx.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The pair, for the commands that work on one. */
@Description("The pair")
public interface PairOptions extends CommandOptions {
  @Description("Currency pair, for example eurusd.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.PAIR)
  @Nullable String getPair();

  void setPair(@Nullable String pair);
}
