package ml.bqx.options;

import java.util.List;
import ml.bqx.options.declaration.Description;

/** Options of every command. */
@Description("Every command")
public interface CommandOptions {
  // Read from the arguments themselves: an error may come before there are options.
  @Description("Print the stack trace of every error, for bug reports.")
  boolean isVerbose();

  // Read from the arguments themselves, like --verbose.
  @Description(
      "Print one JSON object on stdout: what the summary says, or the error. Everything else goes"
          + " to stderr.")
  boolean isJson();

  // Read from the arguments themselves, like --verbose.
  @Description("Print nothing but warnings and errors.")
  boolean isQuiet();

  /** The options that are not ours, as they were written: for Beam and Google's clients. */
  List<String> beamArguments();
}
