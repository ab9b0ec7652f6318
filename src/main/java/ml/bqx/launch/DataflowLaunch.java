package ml.bqx.launch;

import com.google.common.base.Stopwatch;
import com.google.common.collect.Ordering;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Progress;
import ml.bqx.config.CloudConfig;
import ml.bqx.cost.PairSize;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;
import ml.bqx.launch.dataflow.DataflowJobs;
import ml.bqx.launch.dataflow.GoogleClients;
import ml.bqx.launch.dataflow.JobRequest;
import ml.bqx.launch.dataflow.JobSettings;
import ml.bqx.launch.dataflow.LaunchedJob;
import ml.bqx.launch.dataflow.Patience;
import ml.bqx.launch.dataflow.Slots;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches the jobs of all pairs and follows them to their end, in one thread. When the process is
 * terminated, running jobs are cancelled or left running, as configured, within the 10 s that Cloud
 * Run allows.
 */
public final class DataflowLaunch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataflowLaunch.class);

  /** For the thread that follows the jobs, which may be in the middle of a call. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  /** For cancelling; with the above and some seconds to spare, 10 s. */
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(4);

  private final LauncherConfig config;
  private final JobSettings settings;
  private final LaunchServices services;
  private final Storage storage;
  private final Slots slots;
  private final List<PairLaunch> pairs;
  private final Thread follower = Thread.currentThread();
  private final Thread hook = new Thread(this::terminate, "terminate");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean released = new AtomicBoolean();
  private final Stopwatch time = Stopwatch.createStarted();
  private final Patience patience = new Patience();
  private boolean checked;
  private volatile boolean stopping;

  private DataflowLaunch(
      LauncherConfig config,
      JobSettings settings,
      LaunchServices services,
      Storage storage,
      Slots slots) {
    this.config = config;
    this.settings = settings;
    this.services = services;
    this.storage = storage;
    this.slots = slots;
    this.pairs =
        config.pairs().stream().map(pair -> new PairLaunch(config, pair, services, slots)).toList();
  }

  /**
   * A launch that has not started.
   *
   * @param wanted asks the warehouse what an extraction of a pair would make; called only if there
   *     is one already
   */
  public static DataflowLaunch of(
      LauncherConfig config, JobSettings settings, Function<Pair, Wanted> wanted) {
    GoogleClients clients = new GoogleClients(config.impersonatedAccounts());
    Storage storage =
        Storage.of(
            CloudConfig.of(config.endpoints().gcs(), config.impersonatedAccounts())
                .withRetryLimit(GoogleClients.RETRY_LIMIT));
    LaunchServices services =
        new LaunchServices(
            new DataflowJobs(clients.dataflow(config.endpoints().dataflow()), settings),
            new ResultCheck(config, storage),
            wanted);
    DataflowLaunch launch =
        new DataflowLaunch(
            config, settings, services, storage, new Slots(config.maxConcurrentJobs()));
    Runtime.getRuntime().addShutdownHook(launch.hook);
    return launch;
  }

  /**
   * Lets Dataflow check all jobs, and launches none.
   *
   * @throws ServiceException when it refuses one
   */
  public void validate() {
    try {
      check();
    } catch (IOException e) {
      throw unavailable(e);
    }

    for (Pair pair : config.pairs()) {
      JobRequests requests =
          new JobRequests(config, pair, JobSplit.of(config, PairSize.FULL::values));
      for (JobRequest request :
          requests.of(requests.indexes(), Optional.empty(), Optional.empty())) {
        try {
          services.dataflow().validate(request);
          LOG.info("{}: Dataflow would launch {}", request.title(), request.name());
        } catch (IOException e) {
          throw new ServiceException(
              "Cannot launch %s: Dataflow refuses: %s"
                  .formatted(request.title(), CallFailure.reason(e)),
              e);
        }
      }
    }
  }

  /**
   * Launches the jobs and waits for them.
   *
   * @return how it ended, for each pair
   * @throws InvalidInputException when nothing can be launched, before anything was
   * @throws ServiceException when a service failed before anything was launched
   */
  public List<LaunchOutcome> follow() {
    try {
      while (isOpen() && !isOver()) {
        if (isChecked()) {
          pairs.forEach(pair -> pair.step(this::isOver));
        }

        if (isOpen() && !isOver()) {
          Thread.sleep(Math.max(0, pause().toMillis()));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("terminated", e);
      Thread.currentThread().interrupt();
    }

    if (stopping || isOpen()) {
      release();
      String why =
          stopping
              ? "the launcher was terminated"
              : "not done after %s, the limit that TIMEOUT_MINUTES sets"
                  .formatted(Progress.clock(config.timeout()));
      pairs.forEach(pair -> pair.giveUp(why));
    }

    return pairs.stream().map(pair -> pair.outcome().orElseThrow()).toList();
  }

  private boolean isOpen() {
    return pairs.stream().anyMatch(pair -> pair.outcome().isEmpty());
  }

  /** Whether no more calls are to be made; asked before each one that may take long. */
  private boolean isOver() {
    return stopping || (hasTimeout() && time.elapsed().compareTo(config.timeout()) > 0);
  }

  private boolean hasTimeout() {
    return !config.timeout().isZero();
  }

  /** Until the next poll, or until the time is over. */
  private Duration pause() {
    return hasTimeout()
        ? Ordering.natural().min(config.poll(), config.timeout().minus(time.elapsed()))
        : config.poll();
  }

  /** Whether the check has passed; a service that is busy is asked again in the next round. */
  private boolean isChecked() {
    if (!checked) {
      try {
        check();
        checked = true;
      } catch (IOException | ServiceException e) {
        ServiceException failure = unavailable(e);
        if (!patience.allows(e)) {
          throw failure;
        }

        LOG.warn("{}; trying again", failure.getMessage());
      }
    }

    return checked;
  }

  private ServiceException unavailable(Exception e) {
    return e instanceof IOException broken
        ? new ServiceException(
            "Cannot launch %s: %s".formatted(config.kind(), CallFailure.reason(broken)), e)
        : (ServiceException) e;
  }

  /** Reports what would make every pair fail once, before anything is launched. */
  private void check() throws IOException {
    String template = settings.template();
    if (storage.status(template).isEmpty()) {
      throw new InvalidInputException(
          "%s_TEMPLATE=%s: no such file; make templates creates it"
              .formatted(config.kind().name(), template));
    }

    checkBucket(LaunchVariable.GCS_CHECKPOINT_BUCKET, config.checkpoints());
    if (config.kind() == LaunchKind.MERGE) {
      checkBucket(LaunchVariable.GCS_OUTPUT_BUCKET, config.trainingDirectory());
    }

    services.dataflow().check();
  }

  private void checkBucket(LaunchVariable variable, String path) throws IOException {
    try {
      storage.list(path);
    } catch (InvalidInputException e) {
      throw new InvalidInputException("%s: %s".formatted(variable, e.getMessage()), e);
    }
  }

  /** Cancels or leaves the running jobs; only the first call does. */
  private void release() {
    if (released.getAndSet(true)) {
      return;
    }

    Consumer<LaunchedJob> end =
        config.onTermination() == LaunchTermination.CANCEL
            ? LaunchedJob::cancel
            : LaunchedJob::detach;
    // The JDK's common pool has one thread on a small machine.
    Executor ownThread = task -> new Thread(task, "release").start();
    CompletableFuture<?>[] ends =
        slots.running().stream()
            .map(
                job ->
                    CompletableFuture.runAsync(() -> end.accept(job), ownThread)
                        .orTimeout(CANCEL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(
                            thrown -> {
                              job.notCancelled(thrown.toString());
                              return null;
                            }))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends).join();
  }

  /** The shutdown hook: the JVM ends when it does. */
  private void terminate() {
    LOG.warn("terminated: {} running jobs", config.onTermination());
    stopping = true;
    follower.interrupt();
    try {
      if (!closed.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the shutdown hook; to be called when everything is printed. */
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("the process is ending already", e);
    }
  }
}
