package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** How checkpoints become the training file; every method gives the same table. */
public enum MergeMethod {
  /** A Beam pipeline: spine and slices meet in a CoGroupByKey on the row block. */
  BEAM(Reach.ANYWHERE),
  /** One process, checkpoint by checkpoint, straight into the file. */
  STREAM(Reach.ANYWHERE),
  /** Aligned checkpoints concatenated, with one new footer. */
  COMPOSE(Reach.ANYWHERE),
  /** An embedded DuckDB, some checkpoints at a time. */
  DUCKDB(Reach.THIS_MACHINE),
  /** An external Python with Polars, all in memory. */
  POLARS(Reach.THIS_MACHINE),
  /** In BigQuery: loaded to a temporary dataset, joined in a tree, exported, made one file. */
  BIGQUERY(Reach.ANYWHERE);

  /** Where the checkpoints of a method may be. */
  private enum Reach {
    ANYWHERE,
    THIS_MACHINE
  }

  private final Reach reach;

  MergeMethod(Reach reach) {
    this.reach = reach;
  }

  /** Whether the method reads checkpoints of this machine only. */
  boolean isLocal() {
    return reach == Reach.THIS_MACHINE;
  }

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
