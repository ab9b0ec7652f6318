package ml.bqx.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.options.CheckpointOptions;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.declaration.Description;

/**
 * A command whose options an interface declares: what {@code --help} and the reference of all
 * commands say about it.
 *
 * @param name the command's name on the command line
 * @param purpose what it does, in one sentence
 * @param options the interface of its options
 * @param operands names of the options whose values can be written without them, in this order
 */
public record Command<O extends CommandOptions>(
    String name, String purpose, Class<O> options, List<String> operands) {
  private static final String RUNNER_OPTIONS =
      "All options of Beam and its runners work too. --targetParallelism=NUMBER sets the threads"
          + " of the Direct runner. --runner=DataflowRunner with --project, --region and"
          + " --tempLocation submits to Dataflow and does not wait."
          + " --help=DataflowPipelineOptions lists the options of a runner.";

  /** A command all of whose options are written with their names. */
  public Command(String name, String purpose, Class<O> options) {
    this(name, purpose, options, List.of());
  }

  /**
   * The arguments in one form, {@code --name=value}: {@code --name value} is joined, and operands
   * get their names. A word too many stays as it is.
   */
  String[] named(String... args) {
    if (operands.isEmpty()) {
      return SpacedOptions.joined(name -> false, args);
    }

    Map<String, CommandOption> declared = CommandOption.of(options);
    String[] joined =
        SpacedOptions.joined(
            name -> declared.containsKey(name) && declared.get(name).isFlag(), args);
    Iterator<String> names = operands.iterator();
    List<String> named = new ArrayList<>();
    for (String arg : joined) {
      boolean isOperand = !arg.startsWith("-") && names.hasNext();
      named.add(isOperand ? "--%s=%s".formatted(names.next(), arg) : arg);
    }

    return named.toArray(String[]::new);
  }

  /** The options under the headings of the interfaces that declare them. */
  public Map<String, List<CommandOption>> optionsByHeading() {
    return CommandOption.of(options).values().stream()
        .collect(groupingBy(Command::heading, LinkedHashMap::new, toList()));
  }

  private static String heading(CommandOption option) {
    return Optional.ofNullable(option.group().getAnnotation(Description.class))
        .map(Description::value)
        .orElse(option.group().getSimpleName());
  }

  /** Which options there are besides, for a command that runs a pipeline. */
  public Optional<String> runnerOptions() {
    // Those that have to do with checkpoints are the Beam pipelines.
    return CheckpointOptions.class.isAssignableFrom(options)
        ? Optional.of(RUNNER_OPTIONS)
        : Optional.empty();
  }
}
