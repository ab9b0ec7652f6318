/** Channels over files: past the page cache, by position, or summed while they are written. */
package ml.bqx.storage.channel;
