/**
 * The extraction: targets first, then feature groups in waves, a commit for each, then the
 * manifest.
 */
package ml.bqx.extract;
