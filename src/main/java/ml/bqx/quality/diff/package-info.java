/** How two training sets differ, by their statistics. */
package ml.bqx.quality.diff;
