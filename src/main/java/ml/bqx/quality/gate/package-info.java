/** Limits that the data of a training file must keep before it is published. */
package ml.bqx.quality.gate;
