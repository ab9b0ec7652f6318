/** The merge as a Beam pipeline. */
package ml.bqx.merge.beam;
