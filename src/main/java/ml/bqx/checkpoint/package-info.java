/**
 * Checkpoints: files and manifest, the spine they are held against, writing, committing, resuming
 * and verifying them.
 */
package ml.bqx.checkpoint;
