package ml.bqx.cli;

import java.util.Collection;
import java.util.Optional;
import ml.bqx.options.CheckpointOptions;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Writes down all options of a command for people. */
public final class HelpText {
  private static final int WIDTH = 88;
  public static final String INDENT = "      ";

  private static final String BEAM =
      "Every option of Beam and its runners works too: --targetParallelism=NUMBER is how many"
          + " threads the Direct runner uses, --runner=DataflowRunner with --project, --region and"
          + " --tempLocation submits to Dataflow and does not wait; --help=DataflowPipelineOptions lists what a runner"
          + " knows.";

  private HelpText() {}

  /** The page of a command whose options an interface declares. */
  static String of(String command, String purpose, Class<? extends PipelineOptions> type) {
    Collection<CommandOption> options = CommandOption.of(type).values();
    StringBuilder text = new StringBuilder();
    text.append("usage: ").append(command);
    options.stream()
        .filter(CommandOption::required)
        .forEach(option -> text.append(' ').append(option.usage()));
    text.append(" [more options]\n\n").append(wrap(purpose, ""));
    Class<?> group = null;
    for (CommandOption option : options) {
      if (option.group() != group) {
        group = option.group();
        text.append('\n').append(heading(group)).append('\n');
      }

      append(text, option);
    }

    // Those that have to do with checkpoints are the Beam pipelines.
    return CheckpointOptions.class.isAssignableFrom(type)
        ? text.append('\n').append(wrap(BEAM, "")).toString()
        : text.toString();
  }

  private static String heading(Class<?> group) {
    return Optional.ofNullable(group.getAnnotation(Description.class))
        .map(Description::value)
        .orElse(group.getSimpleName());
  }

  private static void append(StringBuilder text, CommandOption option) {
    text.append("  ").append(option.usage());
    if (option.required()) {
      text.append("  (required)");
    } else if (!option.isFlag() && !option.defaultValue().isEmpty()) {
      text.append("  (default ").append(option.defaultValue()).append(')');
    }

    text.append('\n').append(wrap(option.description(), INDENT));
  }

  public static String wrap(String text, String indent) {
    StringBuilder wrapped = new StringBuilder();
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" ")) {
      if (line.length() > indent.length() && line.length() + word.length() >= WIDTH) {
        wrapped.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(indent);
      }

      line.append(word).append(' ');
    }

    return wrapped.append(line.toString().stripTrailing()).append('\n').toString();
  }
}
