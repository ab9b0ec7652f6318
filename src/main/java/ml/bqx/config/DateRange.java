package ml.bqx.config;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Whole days in UTC.
 *
 * @param start the first day inside, or null when everything before the end is inside
 * @param end the last day inside, or null when everything after the start is inside
 */
public record DateRange(@Nullable LocalDate start, @Nullable LocalDate end)
    implements Serializable {
  private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** Validates {@code --startDate} and {@code --endDate}, which may be missing. */
  public static DateRange from(
      @Nullable String startDate, @Nullable String endDate, Checks checks) {
    LocalDate start = day("startDate", startDate, checks);
    LocalDate end = day("endDate", endDate, checks);
    if (start != null && end != null && start.isAfter(end)) {
      checks.wrong("startDate", start, "after --endDate=%s", end);
    }

    return new DateRange(start, end);
  }

  private static @Nullable LocalDate day(String option, @Nullable String text, Checks checks) {
    return text == null || text.isBlank()
        ? null
        : checks.required(option, text, "yyyy-mm-dd", DateRange::parseDay);
  }

  /**
   * Reads yyyy-mm-dd.
   *
   * @throws InvalidInputException when there is no such day
   */
  public static LocalDate parseDay(String text) {
    try {
      if (DAY.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeParseException e) {
      // Right form, but no such day: reported below like any other mistake.
    }

    throw new InvalidInputException("not a date (expected yyyy-mm-dd)");
  }

  /** The first microsecond since 1970 that is inside. */
  public long firstMicrosecond() {
    return start == null ? Long.MIN_VALUE : start.toEpochDay() * MICROS_PER_DAY;
  }

  /** The first microsecond since 1970 after the range. */
  public long endMicrosecond() {
    return end == null ? Long.MAX_VALUE : (end.toEpochDay() + 1) * MICROS_PER_DAY;
  }
}
