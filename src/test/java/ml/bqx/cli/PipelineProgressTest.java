package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import ml.bqx.Console;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineProgressTest {
  private static final Counter COUNTER = Metrics.counter(PipelineProgressTest.class, "things");

  private final Console console = new Console();

  @AfterEach
  void release() {
    console.close();
  }

  @Test
  void theLastLineTellsWhatTheCounterSays() {
    Pipeline pipeline = counting(1, 2, 3);

    PipelineResult result = run(pipeline, 3);

    assertThat(result.getState()).isEqualTo(State.DONE);
    assertThat(PipelineProgress.count(result, COUNTER)).isEqualTo(3);
    assertThat(console.err()).matches("test: 3 of 3 things \\(100 %\\), 0:00:\\d\\d\n");
  }

  @Test
  void theDirectRunnerIsSpedUp() {
    Pipeline pipeline = counting(1);

    run(pipeline, 1);

    DirectOptions options = pipeline.getOptions().as(DirectOptions.class);
    assertThat(options.isBlockOnRun()).isFalse();
    assertThat(options.isEnforceEncodability()).isFalse();
    assertThat(options.isEnforceImmutability()).isFalse();
  }

  @Test
  void whatMadeThePipelineFailIsThrown() {
    Pipeline pipeline = counting(1, -1);

    assertThatThrownBy(() -> run(pipeline, 2))
        .isInstanceOf(PipelineExecutionException.class)
        .hasRootCauseInstanceOf(InvalidInputException.class)
        .hasRootCauseMessage("Cannot count -1: it is negative");
    assertThat(console.err()).startsWith("test: ");
  }

  @Test
  void aRunnerThatOnlyAnswersWithAStateMakesAnException() {
    Pipeline pipeline = on(FailingRunner.class);

    assertThatThrownBy(() -> run(pipeline, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot finish test: the pipeline ended as FAILED; see the log");
  }

  @Test
  void aRunnerWithoutMetricsStillRuns() {
    PipelineResult result = run(on(SilentRunner.class), 2);

    assertThat(result.getState()).isEqualTo(State.DONE);
    assertThat(PipelineProgress.count(result, COUNTER)).isZero();
    assertThat(console.err()).startsWith("test: 0 of 2 things");
  }

  @Test
  void anErrorInTheThreadsOfARunnerEndsTheWait() {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(1)).apply(ParDo.of(new BrokenFn()));

    assertThatThrownBy(() -> run(pipeline, 1)).hasStackTraceContaining("no more memory");
  }

  @Test
  void anAnswerBeforeTheEndIsNotTheEnd() {
    PipelineResult result = run(on(EarlyRunner.class), 2);

    assertThat(result.getState()).isEqualTo(State.DONE);
    assertThat(((Early) result).waited).isTrue();
  }

  @Test
  void aStepThatIsListedTwiceCountsOnce() {
    PipelineResult result = run(on(EarlyRunner.class), 2);

    assertThat(PipelineProgress.count(result, COUNTER)).isEqualTo(2);
    assertThat(console.err()).endsWith("test: 2 of 2 things (100 %), 0:00:00\n");
  }

  private static PipelineResult run(Pipeline pipeline, long total) {
    try (Progress progress = Progress.start("test", "things", total)) {
      return PipelineProgress.runAndWait(pipeline, "test", COUNTER, progress::advanceTo);
    }
  }

  private static Pipeline counting(Integer... values) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(List.of(values))).apply(ParDo.of(new CountFn()));

    return pipeline;
  }

  private static Pipeline on(Class<? extends PipelineRunner<?>> runner) {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(runner);

    return Pipeline.create(options);
  }

  private static final class CountFn extends DoFn<Integer, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Integer value) {
      if (value < 0) {
        throw new InvalidInputException("Cannot count %d: it is negative".formatted(value));
      }

      COUNTER.inc();
    }
  }

  private static final class BrokenFn extends DoFn<Integer, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process() {
      throw new OutOfMemoryError("no more memory");
    }
  }

  /** Answers a timed wait before the end with its state, as Spark's does, and lists steps twice. */
  public static final class EarlyRunner extends PipelineRunner<PipelineResult> {
    /** Beam calls it. */
    public static EarlyRunner fromOptions(PipelineOptions options) {
      return new EarlyRunner();
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
      return new Early();
    }
  }

  private static final class Early implements PipelineResult {
    private boolean waited;

    @Override
    public State getState() {
      return waited ? State.DONE : State.RUNNING;
    }

    @Override
    public State cancel() {
      return getState();
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return getState();
    }

    @Override
    public State waitUntilFinish() {
      waited = true;
      return State.DONE;
    }

    @Override
    public MetricResults metrics() {
      MetricResult<Long> step =
          MetricResult.attempted(MetricKey.create("count", COUNTER.getName()), 2L);
      return new MetricResults() {
        @Override
        public MetricQueryResults queryMetrics(MetricsFilter filter) {
          return MetricQueryResults.create(
              List.of(step, step), List.of(), List.of(), List.of(), List.of(), List.of());
        }
      };
    }
  }

  /** Ends as failed. */
  public static final class FailingRunner extends PipelineRunner<PipelineResult> {
    /** Beam calls it. */
    public static FailingRunner fromOptions(PipelineOptions options) {
      return new FailingRunner();
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
      return new WithoutMetrics(State.FAILED);
    }
  }

  /** Ends as done. */
  public static final class SilentRunner extends PipelineRunner<PipelineResult> {
    /** Beam calls it. */
    public static SilentRunner fromOptions(PipelineOptions options) {
      return new SilentRunner();
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
      return new WithoutMetrics(State.DONE);
    }
  }

  private record WithoutMetrics(State end) implements PipelineResult {
    @Override
    public State getState() {
      return end;
    }

    @Override
    public State cancel() {
      return end;
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return end;
    }

    @Override
    public State waitUntilFinish() {
      return end;
    }

    @Override
    public MetricResults metrics() {
      throw new UnsupportedOperationException("no metrics here");
    }
  }
}
