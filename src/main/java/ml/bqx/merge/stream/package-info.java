/** The merge in one process, straight into the file. */
package ml.bqx.merge.stream;
