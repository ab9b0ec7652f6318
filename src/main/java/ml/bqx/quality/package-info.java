/**
 * How good the data is: statistics of every column and group, made while the rows are in memory,
 * and what is made of them.
 */
package ml.bqx.quality;
