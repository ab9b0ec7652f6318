package ml.bqx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.CommandOption;
import ml.bqx.cli.ErrorReport;
import ml.bqx.failure.InvalidInputException;

/**
 * Prints a script that completes commands, options and their values in a shell: {@code source
 * <(./bqx completion bash)}.
 */
public final class Completion {
  /** Those whose options an interface declares; the launcher's are variables too. */
  static final List<Command<?>> COMMANDS =
      List.of(
          SampleWarehouseMain.COMMAND,
          ExtractPipeline.COMMAND,
          MergePipeline.COMMAND,
          VerifyTraining.COMMAND,
          CheckFiles.COMMAND,
          InspectFiles.COMMAND,
          ReportData.COMMAND,
          DiffSets.COMMAND);

  /** zsh runs completions of bash when it is asked to. */
  private static final String ZSH = "autoload -U +X bashcompinit && bashcompinit\n";

  private Completion() {}

  /** Runs the command {@code completion}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    String shell = args.length == 1 ? args[0] : "";
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      new ErrorReport(args)
          .print(
              new InvalidInputException(
                  "Cannot complete for %s: expected bash or zsh, for example: source <(./bqx completion bash)"
                      .formatted(shell.isEmpty() ? "no shell" : shell)));
      return 1;
    }

    System.out.print((shell.equals("zsh") ? ZSH : "") + script());
    return 0;
  }

  /** The shell cuts words at equals signs, so that a value follows a word that is one. */
  private static String script() {
    List<String> commands = new ArrayList<>(Main.names());
    StringBuilder script = new StringBuilder();
    script.append("_bqx_ml() {\n");
    script.append("  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n");
    script.append("  [ \"$word\" = = ] && word=\n");
    script.append("  [ \"$before\" = = ] && before=${COMP_WORDS[COMP_CWORD-2]}\n");
    script.append("  if [ \"$COMP_CWORD\" = 1 ]; then\n");
    script.append(reply("    ", String.join(" ", commands)));
    script.append("    return\n  fi\n");
    script.append("  case ${COMP_WORDS[1]},$before in\n");
    for (Command<?> command : COMMANDS) {
      options(command)
          .filter(CommandOption::hasChoices)
          .forEach(
              option ->
                  script.append(
                      "    %s,--%s)%n%s      return;;%n"
                          .formatted(
                              command.name(),
                              option.name(),
                              reply("      ", option.choices(" ")))));
    }

    script.append("  esac\n  case ${COMP_WORDS[1]},$word in\n");
    for (Command<?> command : COMMANDS) {
      String names =
          options(command).map(option -> "--" + option.name()).collect(Collectors.joining(" "));
      script.append(
          "    %s,-*)%n%s      return;;%n".formatted(command.name(), reply("      ", names)));
    }

    script.append("    completion,*)\n").append(reply("      ", "bash zsh"));
    script.append("      return;;\n  esac\n");
    // Anything else is a path.
    script.append("  COMPREPLY=($(compgen -f -- \"$word\"))\n}\n");
    return script.append("complete -o filenames -F _bqx_ml bqx ./bqx bqx-ml\n").toString();
  }

  private static Stream<CommandOption> options(Command<?> command) {
    return command.optionsByHeading().values().stream().flatMap(List::stream);
  }

  private static String reply(String indent, String words) {
    return "%sCOMPREPLY=($(compgen -W \"%s\" -- \"$word\"))%n".formatted(indent, words);
  }
}
