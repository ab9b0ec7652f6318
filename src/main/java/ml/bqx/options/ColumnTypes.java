package ml.bqx.options;

/** Which types the columns of a training file may have besides the key. */
public enum ColumnTypes {
  /** All of them, as they are. */
  ANY,
  /** Numbers only; columns of other types are left out. */
  NUMERIC,
  /** Numbers only; columns of other types are made numbers. */
  ENCODED
}
