/** A training file held against its warehouse, and against another training file. */
package ml.bqx.verify;
