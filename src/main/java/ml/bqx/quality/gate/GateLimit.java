package ml.bqx.quality.gate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a gate may limit, for a category of feature groups. */
public enum GateLimit {
  /** Part of the rows without a value, of each column: at most. */
  NULL_SHARE("nullShare", Kind.SHARE, "columns have more nulls"),
  /** Part of the spine's rows that each group has: at least. */
  COVERAGE("coverage", Kind.LEAST_SHARE, "groups have fewer rows"),
  /** Columns that are constant, or are from some time to the end: at most so many. */
  CONSTANTS("constants", Kind.COUNT, "columns are constant"),
  /** Features that equal another one in every row: at most so many. */
  DUPLICATES("duplicates", Kind.COUNT, "features are duplicates"),
  /** Features that know the future: at most so many. */
  LEAKS("leaks", Kind.COUNT, "features know the future"),
  /** NaN and infinite values of each column: at most so many. */
  NAN("nan", Kind.NUMBER, "columns have more NaN or infinite values"),
  /** Population stability index of each column against the baseline: at most. */
  DRIFT("drift", Kind.NUMBER, "columns have drifted further");

  private enum Kind {
    /** Of each column, 0 to 1. */
    SHARE,
    /** Of each group, 0 to 1; less is worse. */
    LEAST_SHARE,
    /** Of each column, 0 or more. */
    NUMBER,
    /** How many columns there are, 0 or more. */
    COUNT
  }

  private final String key;
  private final Kind kind;
  private final String exceeded;

  GateLimit(String key, Kind kind, String exceeded) {
    this.key = key;
    this.kind = kind;
    this.exceeded = exceeded;
  }

  /** As it is written in the file. */
  public String key() {
    return key;
  }

  /** The limit of that key; empty when there is none. */
  static Optional<GateLimit> of(String key) {
    return Arrays.stream(values()).filter(limit -> limit.key.equals(key)).findFirst();
  }

  /** All keys. */
  static List<String> keys() {
    return Arrays.stream(values()).map(GateLimit::key).toList();
  }

  /** What is wrong, in words that follow a number. */
  String exceeded() {
    return exceeded;
  }

  /** {@code at least} or {@code at most}. */
  String direction() {
    return kind == Kind.LEAST_SHARE ? "at least" : "at most";
  }

  /** Whether the number of columns is limited, and not a figure of each of them. */
  boolean isCount() {
    return kind == Kind.COUNT;
  }

  /** Whether a figure is beyond the limit. */
  boolean isExceeded(double figure, double limit) {
    return kind == Kind.LEAST_SHARE ? figure < limit : figure > limit;
  }

  /** Whether a limit can be meant. */
  boolean accepts(double limit) {
    return limit >= 0 && (kind == Kind.COUNT || kind == Kind.NUMBER || limit <= 1);
  }

  /** Which limits can be meant, in words. */
  String range() {
    return kind == Kind.COUNT || kind == Kind.NUMBER ? "0 or more" : "0 to 1";
  }
}
