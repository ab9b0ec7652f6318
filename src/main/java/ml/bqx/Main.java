package ml.bqx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.ErrorReport;
import ml.bqx.cli.Nearest;
import ml.bqx.failure.InvalidInputException;

/** Entry of the jar: picks the command. */
public final class Main {
  /**
   * A command of the jar.
   *
   * @param purpose what it does, in a line
   * @param run takes the arguments behind the name, returns the exit code
   */
  private record Command(String name, String purpose, Function<String[], Integer> run) {}

  private static final List<Command> COMMANDS =
      List.of(
          new Command("sample", "create a DuckDB warehouse for trials", SampleWarehouseMain::run),
          new Command(
              "extract",
              "write each feature group of a pair to a checkpoint",
              ExtractPipeline::run),
          new Command(
              "merge", "join the checkpoints of a pair to one training file", MergePipeline::run),
          new Command("verify", "compare a training file with its warehouse", VerifyTraining::run),
          new Command("check", "check a training file or checkpoints for damage", CheckFiles::run),
          new Command(
              "launch",
              "launch extract or merge for one or more pairs, from Cloud Run",
              args -> Launcher.run(System.getenv(), args)));

  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  private Main() {}

  /** Runs the command that the first argument names. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    if (args.length == 0 || HELP.contains(args[0])) {
      System.out.print(listing());

      return 0;
    }

    Optional<Command> command =
        COMMANDS.stream().filter(each -> each.name.equals(args[0])).findFirst();
    if (command.isEmpty()) {
      new ErrorReport(args).print(new InvalidInputException(unknown(args[0])));

      return 1;
    }

    return command.get().run.apply(Arrays.copyOfRange(args, 1, args.length));
  }

  private static String listing() {
    return COMMANDS.stream()
        .map(command -> "  %-8s %s%n".formatted(command.name, command.purpose))
        .collect(
            Collectors.joining(
                "",
                "usage: java -jar bqx-ml.jar COMMAND --option=value ...%n%n".formatted(),
                "%nCOMMAND --help explains the options of a command.%n".formatted()));
  }

  private static String unknown(String name) {
    List<String> names = COMMANDS.stream().map(Command::name).toList();
    String hint =
        Nearest.to(name, names)
            .map("did you mean %s?"::formatted)
            .orElseGet(() -> "expected one of " + String.join(", ", names));

    return "Cannot run %s: no such command; %s".formatted(name, hint);
  }
}
