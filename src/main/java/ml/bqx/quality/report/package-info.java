/** What is known of the quality of a set, for people and for programs. */
package ml.bqx.quality.report;
