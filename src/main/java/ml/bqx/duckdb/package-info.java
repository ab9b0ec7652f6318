/** The embedded DuckDB, for all that speaks to it. */
package ml.bqx.duckdb;
