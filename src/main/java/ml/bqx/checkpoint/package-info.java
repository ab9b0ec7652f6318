/**
 * Checkpoints: files and manifest, the spine they are aligned with, writing, committing, resuming
 * and verifying them.
 */
package ml.bqx.checkpoint;
