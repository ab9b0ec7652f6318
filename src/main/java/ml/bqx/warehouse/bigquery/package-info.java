/** BigQuery as a warehouse: discovery by REST, and rows through BigQueryIO's table source. */
package ml.bqx.warehouse.bigquery;
