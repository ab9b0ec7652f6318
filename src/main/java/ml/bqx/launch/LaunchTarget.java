package ml.bqx.launch;

import ml.bqx.launch.dataflow.JobSettings;

/** Where a launch runs. */
public sealed interface LaunchTarget {
  /** In this process. */
  record Here() implements LaunchTarget {}

  /** By Dataflow jobs. */
  record Jobs(JobSettings settings) implements LaunchTarget {}
}
