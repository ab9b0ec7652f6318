package ml.bqx.config;

import com.google.common.base.Splitter;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.MergeOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How the rows of a training file are divided, validated as far as is possible without them.
 *
 * @param parts in the order of time; empty when there are none
 * @param text the parts as they were written
 * @param purge minutes that the targets look ahead; null when their names tell
 * @param embargo minutes after a part that the next one does not get
 * @param folds number of walk-forward folds
 * @param files whether each part gets a file of its own
 */
public record SplitConfig(
    List<Part> parts, String text, @Nullable Long purge, int embargo, int folds, boolean files)
    implements Serializable {
  /** They are part of a file's name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,39}");

  private static final Pattern SHARE = Pattern.compile("[0-9]*\\.?[0-9]+");

  private static final String DAYS = "..";

  /** Shares are written in decimals: what is off by less is their rounding. */
  private static final double ROUNDING = 1e-6;

  /** A part of the rows. */
  public sealed interface Part extends Serializable {
    /** Its name. */
    String name();
  }

  /** A share of the rows, between 0 and 1. */
  public record Share(String name, double share) implements Part {}

  /** The rows of some days. */
  public record Days(String name, DateRange days) implements Part {}

  static SplitConfig from(MergeOptions options, Checks checks) {
    String text = options.getSplit();
    List<Part> parts =
        text == null
            ? List.of()
            : checks.required(
                "split", text, "parts, for example train:0.8,test:0.2", SplitConfig::parse);
    SplitConfig config =
        new SplitConfig(
            parts == null ? List.of() : parts,
            text == null ? "" : text,
            purge(options.getPurge(), checks),
            checks.notNegative("embargo", options.getEmbargo()),
            checks.notNegative("folds", options.getFolds()),
            options.isSplitFiles());
    if (text == null) {
      config.checkNothingToSplit(checks);
    }

    return config;
  }

  private void checkNothingToSplit(Checks checks) {
    if (files) {
      checks.wrong("splitFiles", true, "needs --split, which names the parts");
    }

    if (folds == 0 && purge != null) {
      checks.wrong("purge", purge, "needs --split or --folds");
    }

    if (folds == 0 && embargo > 0) {
      checks.wrong("embargo", embargo, "needs --split or --folds");
    }
  }

  private static @Nullable Long purge(@Nullable String text, Checks checks) {
    return text == null
        ? null
        : checks.required("purge", text, "minutes, for example 60", SplitConfig::parseMinutes);
  }

  private static Long parseMinutes(String text) {
    try {
      int minutes = Integer.parseInt(text);
      if (minutes >= 0) {
        return (long) minutes;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a negative number.
    }

    throw new InvalidInputException("not a number of minutes (expected 0 or more)");
  }

  private static List<Part> parse(String text) {
    List<Part> parts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String one : Splitter.on(',').trimResults().split(text)) {
      int colon = one.indexOf(':');
      String name = one.substring(0, Math.max(0, colon));
      if (!NAME.matcher(name).matches()) {
        throw new InvalidInputException(
            "not parts (expected NAME:SHARE or NAME:FIRST..LAST with commas between them, names of"
                + " letters and digits)");
      } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw new InvalidInputException("two parts are named %s".formatted(name));
      }

      parts.add(part(name, one.substring(colon + 1)));
    }

    checkShares(parts);
    checkDays(parts);
    return List.copyOf(parts);
  }

  private static Part part(String name, String size) {
    int days = size.indexOf(DAYS);
    if (days >= 0) {
      DateRange range =
          new DateRange(day(size.substring(0, days)), day(size.substring(days + DAYS.length())));
      if (range.start() != null && range.end() != null && range.start().isAfter(range.end())) {
        throw new InvalidInputException("part %s ends before it begins".formatted(name));
      }

      return new Days(name, range);
    } else if (SHARE.matcher(size).matches() && Double.parseDouble(size) > 0) {
      return new Share(name, Double.parseDouble(size));
    }

    throw new InvalidInputException(
        "part %s has no rows (expected a share such as 0.7, or days such as 2024-01-01..2024-06-30)"
            .formatted(name));
  }

  private static @Nullable LocalDate day(String text) {
    return text.isEmpty() ? null : DateRange.parseDay(text);
  }

  private static void checkShares(List<Part> parts) {
    double sum = 0;
    int shares = 0;
    for (Part part : parts) {
      if (part instanceof Share share) {
        sum += share.share();
        shares++;
      }
    }

    if (shares > 0 && shares < parts.size()) {
      throw new InvalidInputException("some parts are shares and some are days");
    } else if (shares > 0 && sum > 1 + ROUNDING) {
      throw new InvalidInputException(
          "the parts overlap: their shares make %s of the rows".formatted(rounded(sum)));
    } else if (shares > 0 && sum < 1 - ROUNDING) {
      throw new InvalidInputException(
          "the shares make only %s of the rows; they must make 1".formatted(rounded(sum)));
    }
  }

  private static String rounded(double share) {
    return "%.4f".formatted(share).replaceFirst("\\.?0+$", "");
  }

  private static void checkDays(List<Part> parts) {
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i - 1) instanceof Days before && parts.get(i) instanceof Days part) {
        LocalDate end = before.days().end();
        LocalDate start = part.days().start();
        if (end == null || start == null || !start.isAfter(end)) {
          throw new InvalidInputException(
              "the parts overlap: %s must begin after the last day of %s"
                  .formatted(part.name(), before.name()));
        }
      }
    }
  }

  /** Whether the rows are divided at all. */
  public boolean isSplit() {
    return !parts.isEmpty() || folds > 0;
  }

  /** The options that were given, as they were written. */
  public Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    if (!parts.isEmpty()) {
      given.put("split", text);
    }

    if (purge != null) {
      given.put("purge", purge.toString());
    }

    if (isSplit()) {
      given.put("embargo", Integer.toString(embargo));
      given.put("folds", Integer.toString(folds));
      given.put("splitFiles", Boolean.toString(files));
    }

    return given;
  }
}
