package ml.bqx.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Progress;
import ml.bqx.failure.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches the jobs of all pairs and follows them to their end, in one thread. When the process is
 * told to end, running jobs are cancelled or left to themselves, whichever was asked for, within
 * the 10 s that Cloud Run allows.
 */
public final class DataflowLaunch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataflowLaunch.class);

  /** For the thread that follows the jobs, which may be in the midst of a call. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  /** For cancelling; together with the above, and some seconds to spare, 10 s. */
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(4);

  private final LauncherConfig config;
  private final LaunchServices services;
  private final CloudFiles files;
  private final Slots slots;
  private final List<PairLaunch> pairs;
  private final Thread follower = Thread.currentThread();
  private final Thread hook = new Thread(this::terminate, "terminate");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean released = new AtomicBoolean();
  private volatile boolean stopping;

  private DataflowLaunch(
      LauncherConfig config, LaunchServices services, CloudFiles files, Slots slots) {
    this.config = config;
    this.services = services;
    this.files = files;
    this.slots = slots;
    this.pairs =
        config.pairs().stream().map(pair -> new PairLaunch(config, pair, services, slots)).toList();
  }

  /**
   * Gets ready.
   *
   * @param fingerprint of the options that decide what is in a pair's checkpoints; asked for only
   *     when there are some
   */
  public static DataflowLaunch of(LauncherConfig config, Function<Pair, String> fingerprint) {
    GoogleClients clients = new GoogleClients();
    CloudFiles files = new CloudFiles(clients.storage(config.endpoints()));
    LaunchServices services =
        new LaunchServices(
            new DataflowJobs(clients.dataflow(config.endpoints()), config.target()),
            new ExtractionCheck(config, files),
            new TrainingCheck(config, files),
            fingerprint);
    DataflowLaunch launch =
        new DataflowLaunch(config, services, files, new Slots(config.maxConcurrentJobs()));
    Runtime.getRuntime().addShutdownHook(launch.hook);
    return launch;
  }

  /**
   * Lets Dataflow check all jobs, and launches none.
   *
   * @throws InvalidInputException when it refuses one
   */
  public void validate() throws IOException {
    check();
    JobRequests requests = new JobRequests(config);
    for (Pair pair : config.pairs()) {
      for (JobRequest request : requests.of(pair, null)) {
        try {
          services.dataflow().validate(request);
          LOG.info("{}: Dataflow would launch {}", request.title(), request.name());
        } catch (IOException e) {
          throw new InvalidInputException(
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
   */
  public List<LaunchOutcome> follow() throws IOException {
    long start = System.nanoTime();
    check();
    try {
      while (!stopping && pairs.stream().anyMatch(pair -> pair.outcome().isEmpty())) {
        for (PairLaunch pair : pairs) {
          if (!stopping) {
            pair.step();
          }
        }

        waitForMore(start);
      }
    } catch (InterruptedException e) {
      LOG.debug("told to end", e);
      Thread.currentThread().interrupt();
    }

    if (stopping) {
      release();
      pairs.forEach(pair -> pair.giveUp("the launcher was told to end"));
    }

    return pairs.stream().map(pair -> pair.outcome().orElseThrow()).toList();
  }

  private void waitForMore(long start) throws InterruptedException {
    if (pairs.stream().allMatch(pair -> pair.outcome().isPresent())) {
      return;
    }

    Duration timeout = config.timeout();
    if (!timeout.isZero() && System.nanoTime() - start > timeout.toNanos()) {
      release();
      pairs.forEach(
          pair ->
              pair.giveUp(
                  "it is not done after %s, and TIMEOUT_MINUTES allows no more"
                      .formatted(Progress.clock(timeout))));

      return;
    }

    Thread.sleep(config.poll().toMillis());
  }

  /** What would make every pair fail alike is told once, before anything is launched. */
  private void check() throws IOException {
    String template = config.target().template();
    if (files.size(template).isEmpty()) {
      throw new InvalidInputException(
          "%s_TEMPLATE=%s: there is no such file; make templates writes it"
              .formatted(config.kind().name(), template));
    }

    checkBucket(LaunchVariable.GCS_CHECKPOINT_BUCKET, config.checkpoints());
    if (config.kind() == LaunchKind.MERGE) {
      checkBucket(LaunchVariable.GCS_OUTPUT_BUCKET, config.output());
    }

    services.dataflow().check();
  }

  private void checkBucket(LaunchVariable variable, String path) throws IOException {
    if (!files.hasBucket(path)) {
      throw new InvalidInputException("%s=%s: there is no such bucket".formatted(variable, path));
    }
  }

  /** Cancels or leaves what runs; only once, whoever comes first. */
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
    LOG.warn("told to end: {} the jobs that run", config.onTermination());
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

  /** Ends the watch for the end of the process; to be called when all is printed. */
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
