package ml.bqx.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The pair, which every command needs. */
@Description("The pair")
public interface PairOptions extends PipelineOptions {
  @Description("Currency pair, for example eurusd.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.PAIR)
  @Nullable String getPair();

  void setPair(@Nullable String pair);
}
