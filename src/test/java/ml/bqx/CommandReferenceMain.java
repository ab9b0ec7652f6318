package ml.bqx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandOption;
import ml.bqx.launch.LaunchHelp;
import ml.bqx.launch.LaunchVariable;

/** Writes the reference of all commands from their options, for {@code make docs}. */
public final class CommandReferenceMain {
  private static final String HEAD =
      """
      # Commands

      `make docs` generates this page from the declarations of the options, which `--help` prints too.

      `java -jar target/bqx-ml.jar COMMAND --option=value ...` runs a command; `--option value` works too,
      unless the value begins with a dash. `--version` prints the version. Exit code 0 means that the
      result is there and was verified; 1 means that it is not, and one message on stderr says what is
      wrong, where, and what to do. All mistakes in the options are reported at once, before anything is
      read or written.

      `--json` prints one object on stdout, with the fields of each summary in `summaries`, or with `error`;
      `--quiet` prints nothing but warnings and errors.
      """;

  private static final String COMPLETION =
      """

      ## completion

      Prints a script that completes commands, options and their values in a shell:
      `source <(./bqx completion bash)`, or `completion zsh`.
      """;

  private CommandReferenceMain() {}

  /** Writes the page to the file given as the only argument. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), page());
  }

  static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    Completion.COMMANDS.forEach(command -> append(page, command));
    page.append(COMPLETION);
    appendLauncher(page);
    return page.toString();
  }

  private static void append(StringBuilder page, Command<?> command) {
    page.append("\n## %s\n\n%s\n".formatted(command.name(), command.purpose()));
    command
        .optionsByHeading()
        .forEach(
            (heading, options) -> {
              page.append("\n### %s: %s\n\n".formatted(command.name(), heading));
              page.append("| option | meaning | default |\n|---|---|---|\n");
              options.forEach(
                  option ->
                      page.append(
                          "| %s | %s | %s |\n"
                              .formatted(
                                  code(option.usage()),
                                  escaped(option.description()),
                                  defaultOf(option))));
            });
    command.runnerOptions().ifPresent(more -> page.append("\n%s\n".formatted(more)));
  }

  private static String defaultOf(CommandOption option) {
    if (option.required()) {
      return "required";
    } else if (option.isFlag()) {
      return "off";
    }

    return code(option.defaultValue());
  }

  private static void appendLauncher(StringBuilder page) {
    page.append("\n## launch\n\n%s\n\n".formatted(LaunchHelp.PURPOSE));
    page.append("| variable | option | meaning | default |\n|---|---|---|---|\n");
    for (LaunchVariable variable : LaunchVariable.values()) {
      page.append(
          "| `%s` | `--%s` | %s | %s |\n"
              .formatted(
                  variable,
                  variable.option(),
                  escaped(variable.help()),
                  code(variable.defaultValue())));
    }
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`%s`".formatted(text.replace("|", "\\|"));
  }

  /** Escapes text for a cell of a Markdown table. */
  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
