package ml.bqx.parquet;

/** What may stand in a page behind its last value. */
enum PageEnds {
  /** Nothing, as in files of ours: whatever is there shows that a footer or a header is damaged. */
  EXACT,

  /** Anything: fastparquet leaves eight bytes there, which mean nothing. */
  PADDED
}
