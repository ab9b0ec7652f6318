/** Files on a local disk and on Cloud Storage: open, write, list, concatenate, publish. */
package ml.bqx.storage;
