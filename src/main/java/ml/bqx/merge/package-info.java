/**
 * The join of checkpoints on the timestamp: plan, alignment, training file. Methods are in packages
 * below.
 */
package ml.bqx.merge;
