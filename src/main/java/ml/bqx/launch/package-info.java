/** The launcher of the Cloud Run jobs: configuration, pairs, and checks of their results. */
package ml.bqx.launch;
