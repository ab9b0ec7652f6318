/** What a training file has of all that its checkpoints offer: choice, splits, codes; its card. */
package ml.bqx.training;
