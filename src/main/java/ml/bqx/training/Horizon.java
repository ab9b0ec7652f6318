package ml.bqx.training;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many minutes the value of a target lies ahead, by its name. */
public final class Horizon {
  /** {@code _h{minutes}} as a word of its own; the last one counts. */
  private static final Pattern WORD = Pattern.compile(".*_h([0-9]{1,9})(?:_.*)?");

  private Horizon() {}

  /** The minutes of {@code target_bqx45_h15}; empty when the name does not tell. */
  public static OptionalLong minutes(String target) {
    Matcher matcher = WORD.matcher(target);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
