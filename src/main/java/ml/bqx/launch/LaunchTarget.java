package ml.bqx.launch;

import ml.bqx.launch.dataflow.JobSettings;

/** Where a launch runs. */
public sealed interface LaunchTarget {
  record Here() implements LaunchTarget {}

  record Jobs(JobSettings settings) implements LaunchTarget {}
}
