/** The embedded warehouse: a DuckDB file with the datasets as schemas. */
package ml.bqx.warehouse.duckdb;
