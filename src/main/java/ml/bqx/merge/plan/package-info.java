/**
 * What a merge reads: the checkpoints of a directory, also those that other tools wrote, and their
 * columns, named and checked.
 */
package ml.bqx.merge.plan;
