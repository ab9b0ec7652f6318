package ml.bqx.cli;

/** Writes down all options of a command for people. */
public final class HelpText {
  private static final int WIDTH = 88;
  public static final String INDENT = "      ";

  private HelpText() {}

  /** The page of a command whose options an interface declares. */
  static String of(Command<?> command) {
    StringBuilder text = new StringBuilder();
    text.append("usage: ").append(command.name());
    CommandOption.of(command.options()).values().stream()
        .filter(CommandOption::required)
        .forEach(option -> text.append(' ').append(option.usage()));
    text.append(" [more options]\n\n").append(wrap(command.purpose(), ""));
    command
        .optionsByHeading()
        .forEach(
            (heading, options) -> {
              text.append('\n').append(heading).append('\n');
              options.forEach(option -> append(text, option));
            });
    command.runnerOptions().ifPresent(more -> text.append('\n').append(wrap(more, "")));
    return text.toString();
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
