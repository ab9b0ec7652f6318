/**
 * Checkpoints as they are: files, commit records and manifest, and the spine they are aligned with.
 */
package ml.bqx.checkpoint;
