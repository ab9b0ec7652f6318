package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** How checkpoints become the training file; every method gives the same table. */
public enum MergeMethod {
  /** A Beam pipeline: spine and slices meet in a CoGroupByKey on the row block. */
  BEAM(Reach.ANYWHERE, Pages.COPIED),
  /** One process, checkpoint by checkpoint, straight into the file. */
  STREAM(Reach.ANYWHERE, Pages.COPIED),
  /** Aligned checkpoints concatenated, with one new footer. */
  COMPOSE(Reach.ANYWHERE, Pages.COPIED),
  /** An embedded DuckDB, some checkpoints at a time. */
  DUCKDB(Reach.THIS_MACHINE, Pages.ENCODED),
  /** An external Python with Polars, all in memory. */
  POLARS(Reach.THIS_MACHINE, Pages.ENCODED),
  /** In BigQuery: loaded to a temporary dataset, joined in a tree, exported, made one file. */
  BIGQUERY(Reach.ANYWHERE, Pages.ENCODED);

  /** Where the checkpoints of a method may be. */
  private enum Reach {
    ANYWHERE,
    THIS_MACHINE
  }

  /** What becomes of the pages of aligned checkpoints. */
  private enum Pages {
    COPIED,
    ENCODED
  }

  private final Reach reach;
  private final Pages pages;

  MergeMethod(Reach reach, Pages pages) {
    this.reach = reach;
    this.pages = pages;
  }

  /** Whether the method reads checkpoints of this machine only. */
  public boolean isLocal() {
    return reach == Reach.THIS_MACHINE;
  }

  /** Whether the method copies the pages of aligned checkpoints as they are. */
  public boolean copiesPages() {
    return pages == Pages.COPIED;
  }

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
