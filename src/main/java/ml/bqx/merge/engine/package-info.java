/** Merges by other engines of this machine: DuckDB and Polars. */
package ml.bqx.merge.engine;
