package ml.bqx.options;

import static com.google.common.base.Strings.nullToEmpty;

import com.google.common.base.Splitter;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Problem;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Turns option values into typed ones and collects all that is wrong with them, so that a user
 * hears of every mistake at once. A check that fails answers with some value of the type, or null:
 * nobody sees it, because {@link #throwIfAny} comes before the config is handed out.
 */
public final class Checks {
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern DATASET = Pattern.compile("\\w+");
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([MG])B");

  /** A column of one row group is held in memory, several at once: 8 MiB of doubles each. */
  private static final int MOST_ROW_GROUP_ROWS = 1_048_576;

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
  public @Nullable Pair pair(@Nullable String text) {
    return required("pair", text, "a currency pair, for example eurusd", Pair::of);
  }

  /** The file of an embedded warehouse, where there can be no other. */
  public @Nullable EmbeddedFile embeddedFile(@Nullable String warehouse) {
    return embeddedFile(warehouse, "duckdb:FILE");
  }

  /** The file of an embedded warehouse. */
  @Nullable EmbeddedFile embeddedFile(@Nullable String warehouse, String expected) {
    return required("warehouse", warehouse, expected, text -> EmbeddedFile.parse(text, expected));
  }

  /** Refuses an option that means nothing without BigQuery. */
  void onlyBigQuery(String flag, @Nullable String text) {
    if (text != null) {
      wrong(flag, text, "works with --warehouse=bigquery only");
    }
  }

  /** The Google Cloud project that Beam's option names. */
  @Nullable String project(PipelineOptions options, String expected) {
    return required(
        "project", options.as(GcpOptions.class).getProject(), expected, ProjectId::parse);
  }

  /** The name of a dataset. */
  public @Nullable String dataset(String flag, @Nullable String text) {
    return required(
        flag,
        text,
        "the name of a dataset",
        name -> {
          if (!DATASET.matcher(name).matches()) {
            throw new InvalidInputException(
                "not a dataset (expected letters, digits and underscores)");
          }

          return name;
        });
  }

  /** A directory, local or on Cloud Storage, without a slash at its end. */
  public @Nullable String directory(String flag, @Nullable String text) {
    return required(flag, text, "a directory or gs://bucket/folder", Locations::parse);
  }

  /** A directory of this machine, without a slash at its end. */
  public @Nullable String localDirectory(String flag, @Nullable String text) {
    return required(flag, text, "a directory", Locations::parseOnThisMachine);
  }

  /** A merge takes every Parquet file beside the checkpoints for one, a training file too. */
  void apart(@Nullable String output, @Nullable String checkpoints, @Nullable Pair pair) {
    if (output == null || checkpoints == null) {
      return;
    }

    if (Locations.same(output, checkpoints)
        || (pair != null && Locations.same(output, Locations.pair(checkpoints, pair)))) {
      wrong("output", output, "holds the checkpoints; the training file must be elsewhere");
    }
  }

  /** An engine of this machine reads checkpoints of this machine. */
  void onThisMachine(@Nullable MergeMethod method, @Nullable String checkpoints) {
    boolean here = method == MergeMethod.DUCKDB || method == MergeMethod.POLARS;
    if (here && checkpoints != null && Locations.isRemote(checkpoints)) {
      wrong(
          "mergeMethod",
          method,
          "reads only local checkpoints, not --checkpoints=%s; copy them to this machine, or use stream or beam",
          checkpoints);
    }
  }

  /** A glob over names, in the syntax of {@link PathMatcher}. */
  public @Nullable String glob(String flag, @Nullable String text) {
    return required(flag, text, "a glob, for example agg_*", Checks::parseGlob);
  }

  /** The days from {@code --startDate} to {@code --endDate}; either may be missing. */
  public DateRange dates(@Nullable String startDate, @Nullable String endDate) {
    LocalDate start = date("startDate", startDate);
    LocalDate end = date("endDate", endDate);
    if (start != null && end != null && start.isAfter(end)) {
      wrong("startDate", start, "after --endDate=%s", end);
    }

    return new DateRange(start, end);
  }

  /** A day, or null when none is given; blank text is none. */
  public @Nullable LocalDate date(String flag, @Nullable String text) {
    return text == null || text.isBlank() ? null : requiredDate(flag, text);
  }

  /** A day that must be given. */
  public @Nullable LocalDate requiredDate(String flag, @Nullable String text) {
    return required(flag, text, "yyyy-mm-dd", Checks::parseDate);
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

  /** Bytes, given in whole MB (10^6) or GB (10^9). */
  public long memory(String flag, @Nullable String text) {
    Long bytes = required(flag, text, "a size, for example 4GB or 500MB", Checks::parseMemory);

    return bytes == null ? 0 : bytes;
  }

  /** A constant of an enum, in lower or upper case. */
  public <E extends Enum<E>> @Nullable E choice(String flag, Class<E> type, @Nullable String text) {
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

  /** Rows of a row group. */
  public int rowGroupRows(int rows) {
    if (!isRowGroup(rows)) {
      wrong("rowGroupRows", rows, "out of range (expected 1 to %d)", MOST_ROW_GROUP_ROWS);
    }

    return rows;
  }

  /** Rows of a file, in whole row groups. */
  public int shardRows(int rows, int rowGroupRows) {
    atLeast("shardRows", 1, rows);
    if (rows > 0 && isRowGroup(rowGroupRows) && rows % rowGroupRows != 0) {
      wrong("shardRows", rows, "not a multiple of --rowGroupRows=%d", rowGroupRows);
    }

    return rows;
  }

  /** A value that must be given, and that {@code parse} takes. */
  <T> @Nullable T required(
      String flag, @Nullable String text, String expected, Function<String, T> parse) {
    if (text == null || text.isBlank()) {
      missing(flag, expected);

      return null;
    }

    try {
      return parse.apply(text.strip());
    } catch (InvalidInputException e) {
      wrong(flag, text, "%s", e.getMessage());

      return null;
    }
  }

  private static boolean isRowGroup(int rows) {
    return rows >= 1 && rows <= MOST_ROW_GROUP_ROWS;
  }

  private static long parseMemory(String text) {
    Matcher matcher = MEMORY.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new InvalidInputException("not a size (expected for example 4GB or 500MB)");
    }

    return Long.parseLong(matcher.group(1))
        * (matcher.group(2).equals("G") ? 1_000_000_000 : 1_000_000);
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

  private static LocalDate parseDate(String text) {
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeParseException e) {
      // Right form, but no such day: told below like any other.
    }

    throw new InvalidInputException("not a date (expected yyyy-mm-dd)");
  }
}
