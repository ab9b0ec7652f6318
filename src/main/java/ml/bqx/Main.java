package ml.bqx;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.Build;
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
   */
  private record Command(String name, String purpose) {}

  private static final List<Command> COMMANDS =
      List.of(
          new Command("sample", "create a DuckDB warehouse for trials"),
          new Command("extract", "write each feature group of a pair to a checkpoint"),
          new Command("merge", "join the checkpoints of a pair to one training file"),
          new Command("verify", "compare a training file with its warehouse"),
          new Command("check", "check a training file or checkpoints for damage"),
          new Command("inspect", "tell what is in a file or a set of checkpoints"),
          new Command("report", "report on the quality of a training set"),
          new Command("diff", "compare two training sets"),
          new Command("completion", "print a completion script for bash or zsh"),
          new Command("launch", "launch extract or merge for one or more pairs, from Cloud Run"));

  private static final Set<String> HELP = Set.of("help", "--help", "-h");
  private static final Set<String> VERSION = Set.of("version", "--version");

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

    if (VERSION.contains(args[0]) || Arrays.asList(args).contains("--version")) {
      System.out.println(Build.NAME_AND_VERSION);

      return 0;
    }

    String[] options = Arrays.copyOfRange(args, 1, args.length);
    // A list of references to these methods would load the classes of all commands.
    return switch (args[0]) {
      case "sample" -> SampleWarehouseMain.run(options);
      case "extract" -> ExtractPipeline.run(options);
      case "merge" -> MergePipeline.run(options);
      case "verify" -> VerifyTraining.run(options);
      case "check" -> CheckFiles.run(options);
      case "inspect" -> InspectFiles.run(options);
      case "report" -> ReportData.run(options);
      case "diff" -> DiffSets.run(options);
      case "completion" -> Completion.run(options);
      case "launch" -> Launcher.start(options);
      default -> {
        new ErrorReport(args).print(new InvalidInputException(unknown(args[0])));
        yield 1;
      }
    };
  }

  /** The names of all commands. */
  static List<String> names() {
    return COMMANDS.stream().map(Command::name).toList();
  }

  private static String listing() {
    return COMMANDS.stream()
        .map(command -> "  %-10s %s%n".formatted(command.name, command.purpose))
        .collect(
            Collectors.joining(
                "",
                "usage: java -jar bqx-ml.jar COMMAND --option=value ...%n%n".formatted(),
                "%nCOMMAND --help explains the options of a command, --version prints the version.%n"
                    .formatted()));
  }

  private static String unknown(String name) {
    List<String> names = names();
    String hint =
        Nearest.to(name, names)
            .map("did you mean %s?"::formatted)
            .orElseGet(() -> "expected one of " + String.join(", ", names));
    return "Cannot run %s: no such command; %s".formatted(name, hint);
  }
}
