package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMetrics;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.bqx.cli.LogContext;
import ml.bqx.cli.Progress;
import ml.bqx.http.CallFailure;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job from its launch to its end. A step does what can be done now; it waits for nothing but a
 * service that is busy.
 */
public final class LaunchedJob {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchedJob.class);

  private final DataflowJobs dataflow;
  private final JobRequest request;
  private final JobReport report;

  private final Patience patience = new Patience();

  /** Whether a launch was sent whose effect is unknown. */
  private boolean uncertain;

  private @Nullable Job job;
  private @Nullable String problem;

  private JobMeasures measures = new JobMeasures(new JobMetrics());

  public LaunchedJob(DataflowJobs dataflow, JobRequest request) {
    this.dataflow = dataflow;
    this.request = request;
    this.report = new JobReport(request.title());
  }

  /** Takes over a job that an earlier attempt has launched. */
  public void attach(Job found) {
    LOG.info(
        "{}: taking over job {}, which is {}: {}",
        request.title(),
        found.getName(),
        JobState.word(found),
        dataflow.page(found.getId()));
    job = found;
    uncertain = false;
  }

  /** Whether it was launched and has not ended. */
  public boolean isRunning() {
    return job != null && !isEnded();
  }

  public boolean isEnded() {
    return problem != null || (job != null && JobState.of(job).isEnd() && report.isComplete());
  }

  /** Why it did not succeed; empty if it did or has not ended. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  public boolean wasCancelled() {
    return job != null && JobState.of(job) == JobState.CANCELLED;
  }

  /** Progress and usage of the job. */
  public JobMeasures measures() {
    return measures;
  }

  /**
   * Launches the job or polls it.
   *
   * @param slots decides whether one more job may run
   */
  public void step(Slots slots) {
    if (isEnded() || (job == null && !slots.isFree())) {
      return;
    }

    try (LogContext context = context()) {
      look(job == null ? launch() : job);
      patience.restore();
    } catch (IOException e) {
      // A call that was interrupted because the launcher is ending has not failed.
      if (!Thread.currentThread().isInterrupted()) {
        failed(e);
      }
    }
  }

  /** For the log: the wave, if there are several. */
  private LogContext context() {
    String wave = request.parameters().get("wave");
    return LogContext.of(wave == null ? Map.of() : Map.of("wave", wave));
  }

  private Job launch() throws IOException {
    if (uncertain) {
      Optional<Job> found =
          dataflow.named(request.name()).stream()
              .filter(each -> !JobState.of(each).isEnd())
              .findFirst();
      if (found.isPresent()) {
        attach(found.get());
        return found.get();
      }
    }

    // Until there is an answer: the job may be launched even if the connection breaks.
    uncertain = true;
    Job launched = dataflow.launch(request);
    job = launched;
    uncertain = false;
    LOG.info(
        "{}: launched job {}: {}",
        request.title(),
        request.name(),
        dataflow.page(launched.getId()));
    return launched;
  }

  private void look(Job known) throws IOException {
    try (LogContext context = LogContext.of(Map.of("jobId", known.getId()))) {
      look(known.getId());
    }
  }

  private void look(String id) throws IOException {
    Job now = dataflow.get(id);
    report.read(dataflow.messages(id, report.since()));
    try {
      measures = new JobMeasures(dataflow.metrics(id));
    } catch (IOException e) {
      // A job that is starting has none yet, and they are for information only.
      LOG.debug("{}: no metrics: {}", request.title(), CallFailure.reason(e));
    }

    job = now;
    LOG.info("{}", report.progress(now, measures));
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
    if (!report.failure().remedy().isEmpty()) {
      text.append('\n').append(report.failure().remedy());
    }

    return text.toString();
  }

  private void failed(IOException thrown) {
    String reason = CallFailure.reason(thrown);
    boolean inTheWay = job == null && CallFailure.status(thrown) == CallFailure.CONFLICT;
    if (job == null && CallFailure.isLimit(thrown)) {
      // However long: it passes when other jobs end, which may take hours.
      LOG.warn("{}: a quota is full: {}; trying again", request.title(), reason);
    } else if (!inTheWay && !CallFailure.isTransient(thrown)) {
      problem = refused(thrown, reason);
    } else if (patience.lasts()) {
      LOG.warn(
          "{}: {}{}; trying again", request.title(), job == null ? "" : "state unknown: ", reason);
    } else {
      problem =
          "Cannot %s %s: Dataflow has been unavailable for %s: %s%s"
              .formatted(
                  job == null ? "launch" : "follow",
                  request.title(),
                  Progress.clock(Patience.LIMIT),
                  reason,
                  job == null
                      ? ""
                      : "; the job may still be running: " + dataflow.page(job.getId()));
    }
  }

  private String refused(IOException thrown, String reason) {
    return switch (CallFailure.status(thrown)) {
      case CallFailure.FORBIDDEN ->
          "Cannot launch %s: no permission: %s; the launcher's service account needs the permissions in deploy/launcher-role.yaml, and roles/iam.serviceAccountUser on the workers' account"
              .formatted(request.title(), reason);
      default ->
          "Cannot %s %s: Dataflow refuses: %s"
              .formatted(job == null ? "launch" : "follow", request.title(), reason);
    };
  }

  private Job running() {
    return Objects.requireNonNull(job, "not launched");
  }

  /** Cancels the job, which must be running; the outcome is logged. */
  public void cancel() {
    Job running = running();
    try {
      dataflow.cancel(running.getId());
      LOG.warn("{}: cancelled job {}", request.title(), running.getName());
    } catch (IOException e) {
      notCancelled(CallFailure.reason(e));
    }
  }

  /** Logs that the job, which must be running, could not be cancelled. */
  public void notCancelled(String reason) {
    LOG.error(
        "{}: Cannot cancel job {}: {}; cancel it yourself: {}",
        request.title(),
        running().getName(),
        reason,
        dataflow.page(running().getId()));
  }

  /** Logs that the job, which must be running, is left running. */
  public void detach() {
    LOG.warn(
        "{}: job {} continues; the next attempt of this launcher takes it over: {}",
        request.title(),
        running().getName(),
        dataflow.page(running().getId()));
  }
}
