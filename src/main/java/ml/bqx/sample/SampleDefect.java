package ml.bqx.sample;

/** Defects of a sample warehouse, for trying out how they are handled. */
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
  ODD_TYPE
}
