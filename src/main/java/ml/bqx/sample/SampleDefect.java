package ml.bqx.sample;

/**
 * Defects of a sample warehouse, for trying out how they are handled: what no extraction takes, and
 * what it takes but no model should learn from.
 */
public enum SampleDefect {
  /** A table has every twentieth timestamp twice, with other values the second time. */
  REPEATED_TIMESTAMPS,
  /** Two tables have one name without the pair. */
  CLASHING_NAMES,
  /** A table has no rows. */
  EMPTY_TABLE,
  /** A table lacks the key column. */
  MISSING_KEY,
  /** A table has a column of a list type. */
  ODD_TYPE,
  /** A table lacks all rows of a day, or of a seventh of the sample. */
  GAP_DAY,
  /** A table has no rows of the last two fifths. */
  SHRUNK_TABLE,
  /** A feature has the same value from the middle of the sample on. */
  CONSTANT_SINCE(1),
  /** All values of a feature are elsewhere from the middle of the sample on. */
  LEVEL_SHIFT(1),
  /** A feature is a hundred times as large from the middle of the sample on. */
  CHANGED_UNIT(1),
  /** One value in five hundred of a feature is NaN. */
  NAN_VALUES(1),
  /** A feature equals the one before it. */
  DUPLICATE_FEATURE(2),
  /** A feature is the target of 15 minutes as it was 7 minutes before: half of it lies ahead. */
  SHIFTED_TARGET(1);

  private final int numbers;

  SampleDefect() {
    this(0);
  }

  SampleDefect(int numbers) {
    this.numbers = numbers;
  }

  /** Features of type FLOAT64 that a table must have for it. */
  int numbers() {
    return numbers;
  }
}
