package ml.bqx.options;

/** In which order chosen columns stand in a training file. */
public enum ColumnOrder {
  /** By feature group and source column, as in a file with all columns. */
  CONTRACT,
  /** As the lists of the options name them. */
  LIST;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
