/**
 * Statistics of every column and group, made while the rows are in memory, and the sets that have
 * them.
 */
package ml.bqx.quality.statistics;
