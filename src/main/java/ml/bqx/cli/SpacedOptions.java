package ml.bqx.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The second way to write an option: {@code --name value} for {@code --name=value}. */
public final class SpacedOptions {
  private static final Pattern NAME_ALONE = Pattern.compile("--([^=]+)");

  private SpacedOptions() {}

  /**
   * The arguments with an equals sign in each option; a value cannot begin with a dash.
   *
   * @param isFlag whether an option of this name never takes the next argument as its value
   */
  public static String[] joined(Predicate<String> isFlag, String... args) {
    List<String> joined = new ArrayList<>();
    boolean open = false;
    for (String arg : args) {
      if (open && !arg.startsWith("-")) {
        joined.set(joined.size() - 1, joined.get(joined.size() - 1) + "=" + arg);
        open = false;
      } else {
        joined.add(arg);
        Matcher option = NAME_ALONE.matcher(arg);
        open = option.matches() && !isFlag.test(option.group(1));
      }
    }

    return joined.toArray(String[]::new);
  }
}
