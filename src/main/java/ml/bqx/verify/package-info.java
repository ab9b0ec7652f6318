/** Comparison of a training file with its warehouse, and with another training file. */
package ml.bqx.verify;
