/** Making the checkpoint of a feature group: rows matched with the spine, written, committed. */
package ml.bqx.checkpoint.commit;
