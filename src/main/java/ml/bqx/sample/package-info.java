/** A sample warehouse with the layout of the real one, to try everything on. */
package ml.bqx.sample;
