package ml.bqx.launch;

import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMetrics;
import java.io.IOException;
import java.util.Optional;
import ml.bqx.cli.Progress;
import ml.bqx.cost.MeasuredUsage;
import ml.bqx.cost.Usage;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job from its launch to its end. Each step does what can be done now and never waits; calls
 * that fail for the moment are made again by the next step.
 */
final class LaunchedJob {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchedJob.class);

  /** There is no time for waiting in between when a launcher is told to end. */
  private static final int CANCEL_ATTEMPTS = 3;

  private final DataflowJobs dataflow;
  private final JobRequest request;
  private final JobReport report;
  private final Patience patience = new Patience();

  private @Nullable Job job;
  private @Nullable String problem;

  /** Whether a launch was sent of which nobody knows whether it arrived. */
  private boolean uncertain;

  private JobMetrics metrics = new JobMetrics();

  LaunchedJob(DataflowJobs dataflow, JobRequest request) {
    this.dataflow = dataflow;
    this.request = request;
    this.report = new JobReport(request.title());
  }

  /** Takes over a job that an earlier attempt has launched. */
  void attach(Job found) {
    LOG.info(
        "{}: takes over job {}, which is {}: {}",
        request.title(),
        found.getName(),
        JobState.word(found),
        dataflow.page(found.getId()));
    job = found;
    uncertain = false;
  }

  /** Whether it was launched and has not ended. */
  boolean isRunning() {
    return job != null && !isEnded();
  }

  boolean isEnded() {
    return problem != null || (job != null && JobState.of(job).isEnd() && report.isComplete());
  }

  /** Why it did not succeed; nothing when it did or is not at its end. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  boolean wasCancelled() {
    return job != null && JobState.of(job) == JobState.CANCELLED;
  }

  /** How far the job is. */
  JobMeasures measures() {
    return JobMeasures.of(metrics);
  }

  /** What the job has used so far. */
  Usage usage() {
    return MeasuredUsage.job(metrics);
  }

  /**
   * Goes on as far as possible.
   *
   * @param mayLaunch whether one more job may run
   */
  void step(Slots slots) {
    if (isEnded()) {
      return;
    }

    try {
      if (job == null && !slots.isFree()) {
        return;
      }

      if (job == null) {
        launch();
      }

      if (job != null) {
        look();
      }

      patience.restore();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void launch() throws IOException {
    if (uncertain) {
      Optional<Job> found =
          dataflow.named(request.name()).stream()
              .filter(each -> !JobState.of(each).isEnd())
              .findFirst();
      if (found.isPresent()) {
        attach(found.get());

        return;
      }
    }

    // Until there is an answer: the service may have understood even when the connection breaks.
    uncertain = true;
    job = dataflow.launch(request);
    uncertain = false;
    LOG.info(
        "{}: launched job {}: {}", request.title(), request.name(), dataflow.page(job.getId()));
  }

  private void look() throws IOException {
    String id = job.getId();
    Job now = dataflow.get(id);
    report.read(dataflow.messages(id, report.since()));
    try {
      metrics = dataflow.metrics(id);
    } catch (IOException e) {
      // A job that is just starting has none yet; they are for information only.
      LOG.debug("{}: no metrics: {}", request.title(), CallFailure.reason(e));
    }

    job = now;
    LOG.info("{}", report.progress(now, measures()));
    if (JobState.of(now).isEnd()) {
      report.complete();
      if (JobState.of(now) != JobState.DONE) {
        problem = ended(now);
      }
    }
  }

  private String ended(Job now) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Cannot finish %s: Dataflow job %s ended as %s; %s"
            .formatted(
                request.title(), now.getName(), JobState.word(now), dataflow.page(now.getId())));
    report.errors().forEach(error -> text.append('\n').append(error));
    return text.toString();
  }

  private void failed(IOException thrown) {
    String reason = CallFailure.reason(thrown);
    boolean inTheWay = job == null && CallFailure.status(thrown) == CallFailure.CONFLICT;
    if (!inTheWay && !CallFailure.isTransient(thrown)) {
      problem = refused(thrown, reason);
    } else if (patience.isOver()) {
      problem =
          "Cannot follow %s: Dataflow has not answered for %s: %s%s"
              .formatted(
                  request.title(),
                  Progress.clock(Patience.LIMIT),
                  reason,
                  job == null ? "" : "; the job may still run: " + dataflow.page(job.getId()));
    } else {
      LOG.warn("{}: {}; trying again", request.title(), reason);
    }
  }

  private String refused(IOException thrown, String reason) {
    return switch (CallFailure.status(thrown)) {
      case CallFailure.FORBIDDEN ->
          "Cannot launch %s: no permission: %s; the launcher's service account needs what deploy/launcher-role.yaml lists, and roles/iam.serviceAccountUser on the workers' account"
              .formatted(request.title(), reason);
      default ->
          "Cannot %s %s: Dataflow refuses: %s"
              .formatted(job == null ? "launch" : "follow", request.title(), reason);
    };
  }

  /** Asks Dataflow to end the job; tells the outcome in the log. */
  void cancel() {
    if (job == null) {
      return;
    }

    String reason = "";
    for (int attempt = 0; attempt < CANCEL_ATTEMPTS; attempt++) {
      try {
        dataflow.cancel(job.getId());
        LOG.warn("{}: cancelled job {}", request.title(), job.getName());

        return;
      } catch (IOException e) {
        reason = CallFailure.reason(e);
      }
    }

    LOG.error(
        "{}: Cannot cancel job {}: {}; end it yourself: {}",
        request.title(),
        job.getName(),
        reason,
        dataflow.page(job.getId()));
  }

  /** Tells in the log that the job goes on alone. */
  void detach() {
    if (job != null) {
      LOG.warn(
          "{}: job {} goes on without this launcher, which takes it over when it runs again: {}",
          request.title(),
          job.getName(),
          dataflow.page(job.getId()));
    }
  }
}
