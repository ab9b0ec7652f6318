package ml.bqx.parquet;

/** What may follow the last value of a page. */
enum PageEnds {
  /** Nothing, as in files of ours: whatever is there shows that a footer or a header is damaged. */
  EXACT,

  /** Anything: fastparquet leaves eight bytes there, which mean nothing. */
  PADDED
}
