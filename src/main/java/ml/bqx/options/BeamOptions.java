package ml.bqx.options;

import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Beam's part of a command line. Only pipelines and what calls Google's services need it: it takes
 * Beam more than a second to look for all of its options.
 */
public final class BeamOptions {
  private BeamOptions() {}

  /** Beam's options; each call makes others, with another name of the job. */
  public static PipelineOptions of(CommandOptions options) {
    return PipelineOptionsFactory.fromArgs(options.beamArguments().toArray(String[]::new)).create();
  }
}
