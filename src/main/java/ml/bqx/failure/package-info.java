/** The errors that are for users: a message without a stack trace. */
package ml.bqx.failure;
