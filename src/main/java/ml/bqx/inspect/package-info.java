/** What is in a Parquet file or a set of checkpoints, without reading its data. */
package ml.bqx.inspect;
