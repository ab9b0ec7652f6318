/**
 * What makes data bad to train on: checks of statistics, and of values where these do not show it.
 */
package ml.bqx.quality.checks;
