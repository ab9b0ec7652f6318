package ml.bqx.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a pipeline and shows how far it is. */
public final class PipelineProgress {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineProgress.class);
  private static final Duration LOCAL_POLL = Duration.millis(500);

  /** Asking a service costs a few calls of its quota each time. */
  private static final Duration SERVICE_POLL = Duration.standardSeconds(10);

  private PipelineProgress() {}

  /**
   * Whether a pipeline with these options is to be submitted and not waited for. A Flex Template's
   * launcher runs the main with the Dataflow runner, takes what that has submitted once the main
   * has ended, and fails when it waits; {@code launch} follows the job.
   */
  public static boolean isSubmitOnly(PipelineOptions options) {
    return DataflowRunner.class.equals(options.getRunner());
  }

  /** Hands a pipeline to Dataflow. */
  public static void submit(Pipeline pipeline, String task) {
    pipeline.run();
    LOG.info("{}: submitted to Dataflow; the result is available when the job has finished", task);
  }

  /**
   * Runs the pipeline to its end. On the Direct runner, its two checks of user code are switched
   * off: they copy and encode every element, which for row blocks costs more than the work itself.
   *
   * @param task what is done, for messages
   * @param counter what the pipeline's steps increase
   * @param progress receives the value of the counter
   * @return the result of the pipeline, which is done
   * @throws RuntimeException when the pipeline failed, as the runner threw it
   * @throws IllegalStateException when the pipeline ended in another state than done and the runner
   *     did not throw
   */
  public static PipelineResult runAndWait(
      Pipeline pipeline, String task, Counter counter, LongConsumer progress) {
    boolean local = DirectRunner.class.equals(pipeline.getOptions().getRunner());
    if (local) {
      DirectOptions options = pipeline.getOptions().as(DirectOptions.class);
      options.setBlockOnRun(false);
      options.setEnforceImmutability(false);
      options.setEnforceEncodability(false);
    }

    PipelineResult result = pipeline.run();
    State state = waitUntilFinish(result, counter, local ? LOCAL_POLL : SERVICE_POLL, progress);
    if (state != State.DONE) {
      throw new IllegalStateException(
          "Cannot finish %s: the pipeline ended as %s; see the log".formatted(task, state));
    }

    return result;
  }

  /**
   * Waits once, without a time limit: what a timed wait answers before the end depends on the
   * runner (nothing, or RUNNING), and some end the connection to the job with it. The state is only
   * ever taken from the wait: once the Direct runner was asked for the state and answered FAILED,
   * it no longer throws what made the pipeline fail. Meanwhile another thread asks for the counter.
   */
  private static State waitUntilFinish(
      PipelineResult result, Counter counter, Duration poll, LongConsumer progress) {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            new ThreadFactoryBuilder().setNameFormat("progress").setDaemon(true).build());
    AtomicLong done = new AtomicLong();
    Runnable show = () -> progress.accept(done.updateAndGet(now -> count(result, counter, now)));
    Future<?> shown =
        watch.scheduleWithFixedDelay(show, poll.getMillis(), poll.getMillis(), MILLISECONDS);
    State state;
    try {
      state = result.waitUntilFinish();
    } finally {
      shown.cancel(false);
      watch.shutdown();
      Uninterruptibles.awaitTerminationUninterruptibly(watch);
      show.run();
    }

    return state;
  }

  /**
   * Final value of a counter, as far as the runner reports it: where work is repeated, it may count
   * that again. 0 when the runner does not report it.
   */
  public static long count(PipelineResult result, Counter counter) {
    return count(result, counter, 0);
  }

  /** Value of the counter; the previous one when the runner does not report it. */
  private static long count(PipelineResult result, Counter counter, long before) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(
                MetricNameFilter.named(
                    counter.getName().getNamespace(), counter.getName().getName()))
            .build();
    try {
      // Some runners list a step twice.
      Map<String, Long> steps = new HashMap<>();
      for (MetricResult<Long> step : result.metrics().queryMetrics(filter).getCounters()) {
        steps.merge(String.valueOf(step.getKey().stepName()), step.getAttempted(), Math::max);
      }

      return steps.values().stream().mapToLong(Long::longValue).sum();
    } catch (RuntimeException e) {
      // A progress bar that cannot be updated must not end the job.
      return before;
    }
  }
}
