/** One way to run calls side by side. */
package ml.bqx.parallel;
