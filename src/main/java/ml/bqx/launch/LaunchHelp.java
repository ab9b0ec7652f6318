package ml.bqx.launch;

import java.util.stream.Stream;
import ml.bqx.cli.HelpText;

/** The page that explains the launcher. */
public final class LaunchHelp {
  /** What the command does. */
  public static final String PURPOSE =
      "Launches the extraction or the merge of one or more pairs as Dataflow jobs, waits for them,"
          + " and verifies the result. Made for Cloud Run jobs: each option can also be set by its"
          + " environment variable; the option wins. Options of extract and merge that are not"
          + " listed here are passed on to them. --verbose also prints the stack trace of every error.";

  private static final String USAGE =
      "usage: launch extract|merge [pairs] [--option=value ...] [options of the pipeline]\n\n";

  private LaunchHelp() {}

  /** What {@code --help} prints. */
  public static String text() {
    StringBuilder text = new StringBuilder(USAGE);
    text.append(HelpText.wrap(PURPOSE, "")).append('\n');
    Stream.of(LaunchVariable.values())
        .forEach(
            variable -> {
              text.append("  %s  --%s".formatted(variable, variable.option()));
              if (!variable.defaultValue().isEmpty()) {
                text.append("  (default %s)".formatted(variable.defaultValue()));
              } else {
                text.append("  (for example %s)".formatted(variable.example()));
              }

              text.append('\n').append(HelpText.wrap(variable.help(), HelpText.INDENT));
            });
    return text.toString();
  }
}
