package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** How checkpoints become the training file; every method gives the same table. */
public enum MergeMethod {
  /** A Beam pipeline: spine and slices meet in a CoGroupByKey on the row block. */
  BEAM(Pages.COPIED),
  /** One process, checkpoint by checkpoint, straight into the file. */
  STREAM(Pages.COPIED),
  /** Aligned checkpoints concatenated, with one new footer. */
  COMPOSE(Pages.COPIED),
  /** An embedded DuckDB, some checkpoints at a time. */
  DUCKDB(Pages.ENCODED),
  /** An external Python with Polars, all in memory. */
  POLARS(Pages.ENCODED),
  /** In BigQuery: loaded to a temporary dataset, joined in a tree, exported, made one file. */
  BIGQUERY(Pages.ENCODED);

  /** What becomes of the pages of aligned checkpoints. */
  private enum Pages {
    COPIED,
    ENCODED
  }

  private final Pages pages;

  MergeMethod(Pages pages) {
    this.pages = pages;
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
