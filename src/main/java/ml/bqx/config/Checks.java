package ml.bqx.config;

import static com.google.common.base.Strings.nullToEmpty;

import com.google.common.base.Splitter;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import ml.bqx.options.Spelling;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses option values and collects all problems, so that all mistakes are reported at once. A
 * check that fails returns a placeholder, or null, which is never used, because {@link #throwIfAny}
 * is called before the config is returned.
 */
public final class Checks {
  /**
   * A project id, with a domain in front for old projects: {@code example.com:project}. See
   * https://cloud.google.com/resource-manager/docs/creating-managing-projects.
   */
  public static final Pattern PROJECT =
      Pattern.compile("([a-z0-9.-]{1,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");

  private static final Pattern DATASET = Pattern.compile("\\w+");

  private final List<Problem> problems = new ArrayList<>();

  /** Throws all problems as one exception; does nothing when there is none. */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems);
    }
  }

  /** Adds a problem that is about no option. */
  public void problem(String format, Object... args) {
    problems.add(Problem.of(String.format(format, args)));
  }

  /**
   * Adds a problem with the value of an option.
   *
   * @param option its name, without dashes
   * @param why what is wrong, and what is expected
   */
  public void wrong(String option, Object value, String why, Object... args) {
    problems.add(
        new Problem("--" + option, "--%s=%s: %s".formatted(option, value, why.formatted(args))));
  }

  /** Adds the problem that an option is not given. */
  void missing(String option, String expected) {
    problems.add(
        new Problem("--" + option, "--%s is required (expected %s)".formatted(option, expected)));
  }

  /** A currency pair. */
  public Pair pair(@Nullable String text) {
    return required("pair", text, "a currency pair, for example eurusd", Pair::of);
  }

  /** The file of an embedded warehouse, where there can be no other. */
  public EmbeddedFile embeddedFile(@Nullable String warehouse) {
    return embeddedFile(warehouse, "duckdb:FILE");
  }

  /** The file of an embedded warehouse. */
  EmbeddedFile embeddedFile(@Nullable String warehouse, String expected) {
    return required("warehouse", warehouse, expected, text -> EmbeddedFile.parse(text, expected));
  }

  /** The id of a Google Cloud project. */
  String project(@Nullable String text, String expected) {
    return matching(
        "project",
        text,
        expected,
        PROJECT,
        "not a project id (expected 6 to 30 lower-case letters, digits and hyphens)");
  }

  /** The name of a dataset. */
  public String dataset(String flag, @Nullable String text) {
    return matching(
        flag,
        text,
        "the name of a dataset",
        DATASET,
        "not a dataset (expected letters, digits and underscores)");
  }

  private String matching(
      String flag, @Nullable String text, String expected, Pattern form, String why) {
    return required(
        flag,
        text,
        expected,
        value -> {
          if (!form.matcher(value).matches()) {
            throw new InvalidInputException(why);
          }

          return value;
        });
  }

  /** A directory, local or on Cloud Storage, without a slash at its end. */
  public String directory(String flag, @Nullable String text) {
    return required(flag, text, "a directory or gs://bucket/folder", Locations::parse);
  }

  /** A directory of this machine, without a slash at its end. */
  public String localDirectory(String flag, @Nullable String text) {
    return required(flag, text, "a directory", Locations::parseOnThisMachine);
  }

  /** A glob over names, in the syntax of {@link PathMatcher}. */
  public String glob(String flag, @Nullable String text) {
    return required(flag, text, "a glob, for example agg_*", Checks::parseGlob);
  }

  /** A number that is not below zero. */
  public long notNegative(String flag, long value) {
    if (value < 0) {
      wrong(flag, value, "cannot be negative");
    }

    return value;
  }

  /** A number that is not below zero. */
  public int notNegative(String flag, int value) {
    return (int) notNegative(flag, (long) value);
  }

  /** A number from {@code least} on. */
  public int atLeast(String flag, int least, int value) {
    if (value < least) {
      wrong(flag, value, "out of range (expected %d or more)", least);
    }

    return value;
  }

  /** A number from {@code least} to {@code most}. */
  int between(String flag, int least, int most, int value) {
    if (value < least || value > most) {
      wrong(flag, value, "out of range (expected %d to %d)", least, most);
    }

    return value;
  }

  /** A constant of an enum, in lower or upper case. */
  public <E extends Enum<E>> E choice(String flag, Class<E> type, @Nullable String text) {
    return required(
        flag, text, "one of " + Spelling.all(type), value -> Spelling.parse(type, value));
  }

  /** Constants of an enum, in lower or upper case, with commas between them; maybe none. */
  public <E extends Enum<E>> Set<E> choices(String flag, Class<E> type, @Nullable String text) {
    Set<E> chosen = EnumSet.noneOf(type);
    for (String value :
        Splitter.on(',').trimResults().omitEmptyStrings().split(nullToEmpty(text))) {
      E constant = choice(flag, type, value);
      if (constant != null) {
        chosen.add(constant);
      }
    }

    return chosen;
  }

  /** A value that must be given, and that {@code parse} takes. */
  public <T> T required(
      String flag, @Nullable String text, String expected, Function<String, T> parse) {
    if (text == null || text.isBlank()) {
      missing(flag, expected);
      return placeholder();
    }

    try {
      return parse.apply(text.strip());
    } catch (InvalidInputException e) {
      wrong(flag, text, "%s", e.getMessage());
      return placeholder();
    }
  }

  /** Null in place of a value that is missing or wrong. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  public static <T> T placeholder() {
    return null;
  }

  private static String parseGlob(String text) {
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + text);
      return text;
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          "not a glob (%s; expected for example agg_*)".formatted(e.getDescription()), e);
    }
  }
}
