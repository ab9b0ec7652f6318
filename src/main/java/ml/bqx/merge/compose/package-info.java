/** The merge as a copy of aligned checkpoints. */
package ml.bqx.merge.compose;
