package ml.bqx.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What every command can be told. */
@Description("Every command")
public interface CommandOptions extends PipelineOptions {
  // Read from the arguments themselves: an error may come before there are options.
  @Description("Print the stack trace of every error, for bug reports.")
  boolean isVerbose();

  void setVerbose(boolean verbose);
}
