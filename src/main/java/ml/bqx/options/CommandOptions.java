package ml.bqx.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What every command can be told. */
@Description("Every command")
public interface CommandOptions extends PipelineOptions {
  @Description("Currency pair, for example eurusd.")
  @Validation.Required
  @TemplateParameter(TemplateParameter.PAIR)
  @Nullable String getPair();

  void setPair(@Nullable String pair);

  // Read from the arguments themselves: an error may come before there are options.
  @Description("Print the stack trace of every error, for bug reports.")
  boolean isVerbose();

  void setVerbose(boolean verbose);
}
