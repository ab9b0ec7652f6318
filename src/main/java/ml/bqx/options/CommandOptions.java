package ml.bqx.options;

import java.util.List;

/** Options of every command. */
@Description("Every command")
public interface CommandOptions {
  // Read from the arguments themselves: an error may come before there are options.
  @Description("Print the stack trace of every error, for bug reports.")
  boolean isVerbose();

  /** The options that are not ours, as they were written: for Beam and Google's clients. */
  List<String> beamArguments();
}
