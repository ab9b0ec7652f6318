/**
 * Which tables of the warehouse make up a pair's training set, and what their features are called.
 * Pure: no IO, and nothing of ours from outside this package in here.
 */
package ml.bqx.catalog;
