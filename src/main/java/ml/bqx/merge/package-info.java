/**
 * The join of checkpoints on the timestamp: alignment, training file, the run of a merge. The plan
 * and the methods are in packages below.
 */
package ml.bqx.merge;
