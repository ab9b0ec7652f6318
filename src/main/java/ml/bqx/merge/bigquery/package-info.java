/** The merge in BigQuery: load, a tree of joins, export. */
package ml.bqx.merge.bigquery;
