package ml.bqx.parquet;

/** What a column holds. */
public enum Content {
  /** Doubles that never repeat. */
  DISTINCT,
  /** The same, a tenth of them missing. */
  DISTINCT_WITH_NULLS,
  /** Few different doubles, as whole numbers and flags are. */
  REPEATED,
  /** The same, a tenth of them missing. */
  REPEATED_WITH_NULLS
}
