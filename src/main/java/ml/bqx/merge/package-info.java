/** The join of checkpoints on the timestamp, and the methods that do it. */
package ml.bqx.merge;
