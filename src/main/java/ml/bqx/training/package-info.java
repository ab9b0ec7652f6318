/** What a training file is to have of all that its checkpoints offer. */
package ml.bqx.training;
