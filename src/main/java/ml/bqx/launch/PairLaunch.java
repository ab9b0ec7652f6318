package ml.bqx.launch;

import com.google.api.services.dataflow.model.Job;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cost.MeasuredUsage;
import ml.bqx.cost.Usage;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.LaunchOutcome.State;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of one pair, from the question whether there is anything to do to the verified result.
 * Whatever goes wrong ends this pair and touches no other.
 */
final class PairLaunch {
  private static final Logger LOG = LoggerFactory.getLogger(PairLaunch.class);
  private static final String FORCE = "force";

  private final LauncherConfig config;
  private final Pair pair;
  private final LaunchServices services;
  private final JobRequests requests;
  private final Slots slots;
  private final Instant start = Instant.now();

  private List<LaunchedJob> jobs = List.of();
  private List<JobRequest> wanted = List.of();
  private boolean rerun;
  private @Nullable LaunchOutcome outcome;

  PairLaunch(LauncherConfig config, Pair pair, LaunchServices services, Slots slots) {
    this.config = config;
    this.pair = pair;
    this.services = services;
    this.requests = new JobRequests(config);
    this.slots = slots;
  }

  Optional<LaunchOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /** Goes on as far as possible without waiting. */
  void step() {
    if (outcome != null || (jobs.isEmpty() && !slots.isFree())) {
      return;
    }

    try {
      if (jobs.isEmpty()) {
        prepare();
      }

      jobs.forEach(job -> job.step(slots));
      if (!jobs.isEmpty() && jobs.stream().allMatch(LaunchedJob::isEnded)) {
        finish();
      }
    } catch (IOException e) {
      // Whoever is told to end in the midst of a call has not failed.
      if (!Thread.currentThread().isInterrupted()) {
        end(
            State.FAILED,
            "Cannot launch %s %s: %s".formatted(config.kind(), pair, CallFailure.reason(e)));
      }
    } catch (InvalidInputException e) {
      end(State.FAILED, e.getMessage());
    } catch (RuntimeException e) {
      // A mistake of ours, or an answer that nobody expects: no reason to leave other pairs alone.
      LOG.error("{} {}", config.kind(), pair, e);
      end(State.FAILED, "Cannot launch %s %s: %s".formatted(config.kind(), pair, e));
    }
  }

  private void prepare() throws IOException {
    if (isCompleteAlready()) {
      return;
    }

    List<Optional<Job>> newest = new ArrayList<>();
    for (int index = 1; index <= requests.count(); index++) {
      newest.add(services.dataflow().named(requests.name(pair, index)).stream().findFirst());
    }

    Optional<Job> leaving =
        newest.stream().flatMap(Optional::stream).filter(PairLaunch::isLeaving).findFirst();
    if (leaving.isPresent()) {
      LOG.info(
          "{} {}: waits until job {}, which is {}, has ended",
          config.kind(),
          pair,
          leaving.get().getName(),
          JobState.word(leaving.get()));

      return;
    }

    List<Optional<Job>> found =
        new ArrayList<>(newest.stream().map(job -> job.filter(this::isTaken)).toList());
    boolean allDone =
        found.stream().allMatch(job -> job.map(JobState::of).orElse(null) == JobState.DONE);
    if (config.kind() == LaunchKind.EXTRACT && allDone) {
      // Done, but the manifest is not there: any of the jobs writes it when it runs once more.
      found.set(found.size() - 1, Optional.empty());
    }

    wanted = requests.of(pair, requests.needSnapshot() ? snapshot(newest, found) : null);
    jobs = new ArrayList<>();
    for (int index = 0; index < wanted.size(); index++) {
      LaunchedJob job = new LaunchedJob(services.dataflow(), wanted.get(index));
      found.get(index).ifPresent(job::attach);
      jobs.add(job);
      slots.add(job);
    }
  }

  private boolean isCompleteAlready() throws IOException {
    if (config.kind() != LaunchKind.EXTRACT || "true".equals(config.parameters().get(FORCE))) {
      return false;
    }

    Optional<Manifest> manifest = services.extraction().manifest(pair);
    if (manifest.isEmpty()
        || !manifest.get().options().equals(services.fingerprint().apply(pair))) {
      return false;
    }

    LOG.info(
        "extract {}: complete already, with {} checkpoints in {}",
        pair,
        manifest.get().checkpoints().size(),
        config.checkpointDirectory(pair));
    end(State.COMPLETE, manifest.get().spine().rows(), manifest.get().features(), Usage.NONE, "");
    return true;
  }

  private static boolean isLeaving(Job job) {
    return JobState.of(job) == JobState.CANCELLING || JobState.of(job) == JobState.DRAINING;
  }

  /**
   * Whether a job that exists is this launch's own: it runs, or an earlier attempt has ended it.
   */
  private boolean isTaken(Job job) {
    JobState state = JobState.of(job);
    return !state.isEnd() || (state == JobState.DONE && config.task().isInCloudRun());
  }

  /** The moment that jobs which are there already read the warehouse as of, or else now. */
  private Instant snapshot(List<Optional<Job>> newest, List<Optional<Job>> found)
      throws IOException {
    for (int index = 0; index < newest.size(); index++) {
      Optional<Job> job = config.task().isInCloudRun() ? newest.get(index) : found.get(index);
      if (job.isPresent()) {
        String label =
            services.dataflow().labels(job.get().getId()).get(JobRequests.SNAPSHOT_LABEL);
        if (label == null || !label.matches("\\d{1,15}")) {
          throw new InvalidInputException(
              "Cannot launch extract %s beside job %s: its label %s does not tell as of when it reads; wait for its end, or cancel it"
                  .formatted(pair, job.get().getName(), JobRequests.SNAPSHOT_LABEL));
        }

        return Instant.ofEpochMilli(Long.parseLong(label));
      }
    }

    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private void finish() throws IOException {
    String problems =
        jobs.stream().flatMap(job -> job.problem().stream()).collect(Collectors.joining("\n"));
    if (!problems.isEmpty()) {
      boolean cancelled =
          jobs.stream()
              .filter(job -> job.problem().isPresent())
              .allMatch(LaunchedJob::wasCancelled);
      end(cancelled ? State.CANCELLED : State.FAILED, problems);

      return;
    }

    Optional<Manifest> manifest = services.extraction().manifest(pair);
    if (config.kind() == LaunchKind.MERGE) {
      TrainingCheck.Training training = services.training().verify(pair, manifest);
      end(State.DONE, training.rows(), training.features(), Usage.NONE, "");
    } else if (manifest.isPresent()) {
      services.extraction().verify(pair, manifest.get());
      end(
          State.DONE,
          manifest.get().spine().rows(),
          manifest.get().features(),
          MeasuredUsage.storageRead(manifest.get()),
          "");
    } else {
      withoutManifest();
    }
  }

  /**
   * Each job writes the manifest when it finds all groups committed; when two end together, none
   * may have found them. The last one is launched once more for that.
   */
  private void withoutManifest() {
    if (rerun || jobs.size() == 1) {
      long missing = jobs.stream().mapToLong(job -> job.measures().stillMissing()).max().orElse(-1);
      throw new InvalidInputException(
          "Cannot find %s: all jobs of extract %s are done, but %s checkpoints are not committed; the jobs' logs tell why, launch again, which makes only these"
              .formatted(
                  Manifest.path(config.checkpointDirectory(pair)),
                  pair,
                  missing < 0 ? "some" : "%,d".formatted(missing)));
    }

    rerun = true;
    int last = jobs.size() - 1;
    LOG.warn(
        "extract {}: all jobs are done, but there is no manifest: launches {} once more",
        pair,
        wanted.get(last).title());
    LaunchedJob job = new LaunchedJob(services.dataflow(), wanted.get(last));
    jobs.set(last, job);
    slots.add(job);
  }

  /** Ends the pair, whose jobs are not waited for any longer. */
  void giveUp(String why) {
    if (outcome == null) {
      end(State.LEFT, "Cannot finish %s %s: %s".formatted(config.kind(), pair, why));
    }
  }

  private void end(State state, String problem) {
    end(state, 0, 0, Usage.NONE, problem);
  }

  private void end(State state, long rows, int features, Usage read, String problem) {
    Usage usage = jobs.stream().map(LaunchedJob::usage).reduce(read, Usage::plus);
    Duration elapsed = Duration.between(start, Instant.now());
    outcome = new LaunchOutcome(pair, state, rows, features, elapsed, usage, problem);
    LOG.info("{} {}: {}", config.kind(), pair, state);
  }
}
