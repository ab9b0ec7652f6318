/**
 * Which tables of the warehouse make up a pair's training set, and what their features are called.
 * Pure: no I/O, and no import of other packages of bqx-ml but {@code failure}.
 */
package ml.bqx.catalog;
