package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How checkpoints become the training file; every method gives the same table. */
public enum MergeMethod {
  /** A Beam pipeline: spine and slices meet in a CoGroupByKey on the row block. */
  BEAM,
  /** One process, checkpoint by checkpoint, straight into the file. */
  STREAM,
  /** Aligned checkpoints one behind the other, and one new footer. */
  COMPOSE,
  /** An embedded DuckDB, some checkpoints at a time. */
  DUCKDB,
  /** An external Python with Polars, all in memory. */
  POLARS,
  /** In BigQuery: loaded to a temporary dataset, joined in a tree, exported, made one file. */
  BIGQUERY;

  @JsonCreator
  static MergeMethod parse(String text) {
    return Spelling.parse(MergeMethod.class, text);
  }

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
