package ml.bqx.quality.checks;

/**
 * Something that whoever trains a model should know: never more than a warning, as nothing is
 * removed.
 *
 * @param check which check found it
 * @param subject the column, or the feature group
 * @param evidence figures that show it, in words
 * @param weight how bad it is beside others of the same check: larger is worse
 */
public record Finding(Check check, String subject, String evidence, double weight) {
  /** What is looked for. */
  public enum Check {
    NO_VALUES("has no values", "A column, or a whole table, without a value."),
    CONSTANT("is constant", "All values are the same."),
    CONSTANT_SINCE("became constant", "It varied, and from some time to the end it does not."),
    NULLS("has many nulls", "More rows without a value than --maxNulls allows."),
    GAP("has a gap", "Rows of the table are missing for longer than an hour and 1 % of all rows."),
    ENDS("begins late or ends early", "Such a gap at the beginning or the end of the rows."),
    NOT_FINITE("has NaN or infinite values", "Most programs cannot learn from them."),
    DUPLICATE("is a duplicate", "It equals another feature in every row."),
    LEAK("knows the future", "It follows a target at a lag at which the target is not known yet."),
    NAME("has the name of a target", "Its name speaks of targets or of the future."),
    SHIFT("jumps", "From some time on all its values are elsewhere."),
    SCALE(
        "changes its scale",
        "From some time on it varies 20 times as much or as little: another unit?"),
    DRIFT("drifts", "Its distribution differs from that of --baseline: PSI above 0.25.");

    private final String words;
    private final String meaning;

    Check(String words, String meaning) {
      this.words = words;
      this.meaning = meaning;
    }

    /** What is wrong, in words that follow a column's name. */
    public String words() {
      return words;
    }

    /** When it is found. */
    public String meaning() {
      return meaning;
    }
  }

  /** Whether another one says the same of the same column. */
  public boolean isSame(Finding other) {
    return check == other.check && subject.equals(other.subject);
  }
}
