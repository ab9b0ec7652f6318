/**
 * Parquet column chunks: read, gather, write, splice, compose. Works on plain channels; no Beam and
 * nothing of ours from outside this package in here.
 *
 * <p>Files are handled at the level of the <a
 * href="https://parquet.apache.org/docs/file-format/">format</a>: the footer as its Thrift
 * structures and a column chunk as a byte range, because merging is mostly moving whole chunks.
 */
package ml.bqx.parquet;
