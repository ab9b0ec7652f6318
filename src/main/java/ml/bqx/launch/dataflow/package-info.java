/** Dataflow jobs: launching, following and cancelling them, and repeating calls that fail. */
package ml.bqx.launch.dataflow;
