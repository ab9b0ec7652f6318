/** Starting jobs in the cloud, following them, and what that costs. */
package ml.bqx.launch;
