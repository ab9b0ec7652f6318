/** The command line: options, help, progress, summaries. */
package ml.bqx.cli;
