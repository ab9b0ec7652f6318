package ml.bqx.doubles;

import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Duration;

/** The Direct runner, but for the values of counters: it has none, as some runners for a while. */
public final class UncountedRunner extends PipelineRunner<PipelineResult> {
  private final DirectRunner runner;

  private UncountedRunner(DirectRunner runner) {
    this.runner = runner;
  }

  /** How Beam makes a runner. */
  public static UncountedRunner fromOptions(PipelineOptions options) {
    return new UncountedRunner(DirectRunner.fromOptions(options));
  }

  @Override
  public PipelineResult run(Pipeline pipeline) {
    return new Uncounted(runner.run(pipeline));
  }

  private record Uncounted(PipelineResult result) implements PipelineResult {
    @Override
    public State getState() {
      return result.getState();
    }

    @Override
    public State cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return result.waitUntilFinish(duration);
    }

    @Override
    public State waitUntilFinish() {
      return result.waitUntilFinish();
    }

    @Override
    public MetricResults metrics() {
      throw new UnsupportedOperationException("not counted");
    }
  }
}
