package ml.bqx.launch;

import com.google.api.services.dataflow.model.Job;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.LogContext;
import ml.bqx.config.Wave;
import ml.bqx.cost.MeasuredUsage;
import ml.bqx.cost.Usage;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.http.CallFailure;
import ml.bqx.launch.LaunchOutcome.State;
import ml.bqx.launch.dataflow.JobRequest;
import ml.bqx.launch.dataflow.JobState;
import ml.bqx.launch.dataflow.LaunchedJob;
import ml.bqx.launch.dataflow.Patience;
import ml.bqx.launch.dataflow.Slots;
import ml.bqx.training.TrainingCard;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of one pair, from the check whether there is anything to do to the verified result. A
 * failure ends this pair and affects no other.
 */
final class PairLaunch {
  private static final Logger LOG = LoggerFactory.getLogger(PairLaunch.class);
  private static final String FORCE = "force";

  /** Tables that the log lists. */
  private static final int MOST_TABLES = 10;

  private final LauncherConfig config;
  private final Pair pair;
  private final LaunchServices services;
  private final Slots slots;
  private final Instant start = Instant.now();
  private final Patience patience = new Patience();

  private List<LaunchedJob> jobs = List.of();
  private List<JobRequest> requested = List.of();
  private @Nullable Wanted wanted;
  private boolean rerun;
  private @Nullable LaunchOutcome outcome;

  PairLaunch(LauncherConfig config, Pair pair, LaunchServices services, Slots slots) {
    this.config = config;
    this.pair = pair;
    this.services = services;
    this.slots = slots;
  }

  Optional<LaunchOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /**
   * Makes one step: launches and polls what can be. A call that fails temporarily is repeated in a
   * later step.
   *
   * @param isOver whether no more calls are to be made
   */
  void step(BooleanSupplier isOver) {
    if (outcome != null || isOver.getAsBoolean() || (jobs.isEmpty() && !slots.isFree())) {
      return;
    }

    try (LogContext context = LogContext.of(Map.of("pair", pair.name()))) {
      if (jobs.isEmpty()) {
        prepare();
      }

      jobs.stream().takeWhile(job -> !isOver.getAsBoolean()).forEach(job -> job.step(slots));
      if (!jobs.isEmpty() && jobs.stream().allMatch(LaunchedJob::isEnded)) {
        finish();
      }

      patience.restore();
    } catch (IOException e) {
      fail(e, "Cannot launch %s %s: %s".formatted(config.kind(), pair, CallFailure.reason(e)));
    } catch (Failure e) {
      fail(e, e.getMessage());
    } catch (RuntimeException e) {
      // A bug, or an unexpected answer: no reason to abandon the other pairs.
      LOG.error("{} {}", config.kind(), pair, e);
      end(State.FAILED, "Cannot launch %s %s: %s".formatted(config.kind(), pair, e));
    }
  }

  private void prepare() throws IOException {
    JobRequests requests =
        new JobRequests(config, pair, JobSplit.of(config, () -> wanted().values()));
    List<Integer> needed = needed(requests.indexes());
    if (needed.isEmpty()) {
      return;
    }

    EarlierJobs earlier =
        EarlierJobs.of(
            services.dataflow(), config.task(), needed.stream().map(requests::name).toList());
    Optional<Job> leaving = earlier.leaving();
    if (leaving.isPresent()) {
      LOG.info(
          "{} {}: waiting for job {}, which is {}, to end",
          config.kind(),
          pair,
          leaving.get().getName(),
          JobState.word(leaving.get()));
      return;
    }

    List<Optional<Job>> found = earlier.taken();
    boolean allDone =
        found.stream()
            .allMatch(job -> job.filter(each -> JobState.of(each) == JobState.DONE).isPresent());
    if (config.kind() == LaunchKind.EXTRACT && allDone) {
      // Done, but without a manifest: running any of the jobs again writes it.
      found.set(found.size() - 1, Optional.empty());
    }

    Optional<Instant> snapshot =
        JobRequests.needSnapshot(config) ? Optional.of(snapshot(earlier, found)) : Optional.empty();
    requested = requests.of(needed, snapshot, handOver(snapshot));
    jobs = new ArrayList<>();
    for (int index = 0; index < requested.size(); index++) {
      LaunchedJob job = new LaunchedJob(services.dataflow(), requested.get(index));
      found.get(index).ifPresent(job::attach);
      jobs.add(job);
      slots.add(job);
    }
  }

  /**
   * The file with what was found in the warehouse, if that is what all jobs will read: as of the
   * same moment.
   */
  private Optional<String> handOver(Optional<Instant> snapshot) throws IOException {
    Wanted known = wanted;
    if (known == null || config.tempLocation() == null) {
      return Optional.empty();
    }

    Instant asked = known.config().source().snapshotTime();
    return asked != null && snapshot.orElse(asked).equals(asked)
        ? Optional.of(services.check().handOver(pair, known))
        : Optional.empty();
  }

  private Wanted wanted() {
    if (wanted == null) {
      wanted = services.wanted().apply(pair);
    }

    return wanted;
  }

  /**
   * Those of all jobs that have something to do, by their numbers. An extraction that is whole and
   * as the warehouse is now needs none, and ends here.
   */
  private List<Integer> needed(List<Integer> all) throws IOException {
    if (config.kind() != LaunchKind.EXTRACT || "true".equals(config.parameters().get(FORCE))) {
      return all;
    }

    Optional<Manifest> manifest = services.check().manifest(pair);
    if (manifest.isEmpty()) {
      return all;
    }

    Set<String> outdated = services.check().outdated(pair, manifest.get(), wanted());
    if (outdated.isEmpty()) {
      complete(manifest.get());
      return List.of();
    }

    LOG.info(
        "extract {}: {} tables are new, changed or gone, or their checkpoints are not as they were: {}",
        pair,
        outdated.size(),
        Listing.inWords(List.copyOf(outdated), MOST_TABLES));
    // Other targets may mean another spine, and so other checkpoints of all groups.
    return outdated.contains(Catalog.targetsTable(pair))
        ? all
        : all.stream()
            .filter(index -> outdated.stream().anyMatch(new Wave(index, all.size())::contains))
            .toList();
  }

  /** The snapshot time of existing jobs, or else when the warehouse was asked, or else now. */
  private Instant snapshot(EarlierJobs earlier, List<Optional<Job>> found) throws IOException {
    Optional<Instant> read = earlier.snapshot(pair, found);
    if (read.isPresent()) {
      return read.get();
    }

    Instant asked = wanted == null ? null : wanted.config().source().snapshotTime();
    return asked == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : asked;
  }

  private void complete(Manifest manifest) {
    LOG.info(
        "extract {}: already complete, with {} checkpoints in {}",
        pair,
        manifest.checkpoints().size(),
        config.checkpointDirectory(pair));
    end(State.COMPLETE, manifest.spine().rows(), manifest.features(), Usage.NONE, "");
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

    Optional<Manifest> manifest = services.check().manifest(pair);
    if (config.kind() == LaunchKind.MERGE) {
      TrainingCard card = services.check().training(pair, manifest);
      end(State.DONE, card.rows(), card.features(), Usage.NONE, "");
    } else if (manifest.isPresent()) {
      services.check().extraction(pair, manifest.get());
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
   * A job writes the manifest if it finds all groups committed; when two end at the same time, none
   * may have found them. Then the last one is launched again.
   */
  private void withoutManifest() {
    if (rerun || jobs.size() == 1) {
      long missing = jobs.stream().mapToLong(job -> job.measures().stillMissing()).max().orElse(-1);
      throw new InvalidInputException(
          "Cannot find %s: all jobs of extract %s are done, but %s checkpoints are not committed; see the jobs' logs for the reason, then launch again, which extracts only these"
              .formatted(
                  Manifest.path(config.checkpointDirectory(pair)),
                  pair,
                  missing < 0 ? "some" : "%,d".formatted(missing)));
    }

    rerun = true;
    int last = jobs.size() - 1;
    LOG.warn(
        "extract {}: all jobs are done, but there is no manifest: launching {} again",
        pair,
        requested.get(last).title());
    LaunchedJob job = new LaunchedJob(services.dataflow(), requested.get(last));
    jobs.set(last, job);
    slots.add(job);
  }

  /** Stops waiting for the jobs of the pair. */
  void giveUp(String why) {
    if (outcome == null) {
      end(State.LEFT, "Cannot finish %s %s: %s".formatted(config.kind(), pair, why));
    }
  }

  /** A call that was interrupted because the launcher is ending has not failed. */
  private void fail(Exception e, String problem) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }

    if (patience.allows(e)) {
      LOG.warn("{} {}: {}; trying again", config.kind(), pair, problem);
    } else {
      end(State.FAILED, problem);
    }
  }

  private void end(State state, String problem) {
    end(state, 0, 0, Usage.NONE, problem);
  }

  private void end(State state, long rows, int features, Usage read, String problem) {
    Usage workers =
        jobs.stream().map(job -> job.measures().usage()).reduce(Usage.NONE, Usage::plus);
    Usage usage =
        config.target() instanceof LaunchTarget.Jobs target
            ? target.settings().workers().billed(workers).plus(read)
            : workers.plus(read);
    Duration elapsed = Duration.between(start, Instant.now());
    outcome = new LaunchOutcome(pair, state, rows, features, elapsed, usage, problem);
    LOG.info("{} {}: {}", config.kind(), pair, state);
  }
}
