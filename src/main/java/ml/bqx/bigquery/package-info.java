/** The client of BigQuery's REST interface, and its errors in words. */
package ml.bqx.bigquery;
