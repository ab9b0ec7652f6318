package ml.bqx;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import ml.bqx.doubles.WatchedStorage;
import ml.bqx.doubles.WatchedStorage.Request;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Kills or stops workers of Flink's while they do certain requests, one after the other. */
final class WorkerKills implements WatchedStorage.Watch {
  /** When a worker is killed. */
  enum Moment {
    /** A worker asks for pages or footer of a checkpoint. */
    READING("GET .*/o/[^?]*checkpoint_.*alt=media.*", false),

    /** A row block is on its way to the storage. */
    ASSEMBLING("(POST|PUT) .*/part-0.*", false),

    /** A training file has been put together, and has no final name yet. */
    PUBLISHING("POST .*/training-[^/]*/(compose|rewriteTo|copyTo).*", false),

    /** The training file has its final name, which the worker does not get to know. */
    PUBLISHED("POST .*/training_eurusd\\.parquet(/compose)?(\\?.*)?", true),

    /** Parts are being deleted. */
    CLEANING_UP("DELETE .*/part-0.*", true),

    /** A worker reads the targets, from which it takes the spine. */
    BEGINNING("GET .*/checkpoint_targets.*alt=media.*", false),

    /** A checkpoint is on its way to the storage. */
    WRITING("(POST|PUT) .*_temporary.*", false),

    /** A checkpoint is about to get its final name. */
    NAMING("POST .*_temporary.*/(rewriteTo|copyTo)/.*", false),

    /** A checkpoint gets its final name, which the worker does not get to know. */
    COMMITTING("POST .*_temporary.*/(rewriteTo|copyTo)/.*", true),

    /** The record of a checkpoint is written. */
    RECORDING("POST .*multipart .*/_commits/.*", false),

    /** The manifest is written, which the worker does not get to know. */
    MANIFEST("POST .*multipart .*/_manifest\\.json.*", true);

    private final Pattern call;
    private final boolean isDone;

    Moment(String call, boolean isDone) {
      this.call = Pattern.compile(call);
      this.isDone = isDone;
    }
  }

  private final FlinkCluster cluster;
  private final int port;
  private final Deque<Moment> next = new ArrayDeque<>();
  private final Map<Moment, Integer> counts = new TreeMap<>();

  /** Until when a request is held back; if there is none, its worker is killed. */
  private @Nullable CountDownLatch held;

  private @Nullable Process stopped;

  /** What workers asked for, to find out why a moment did not come. */
  private final List<String> seen = new ArrayList<>();

  /**
   * Kills nobody yet.
   *
   * @param port of the storage
   */
  WorkerKills(FlinkCluster cluster, int port) {
    this.cluster = cluster;
    this.port = port;
  }

  /** Kills the worker that comes to the first moment first, then that of the second. */
  synchronized void at(Moment... moments) {
    next.clear();
    seen.clear();
    next.addAll(List.of(moments));
  }

  /** Stops the worker that comes to the moment; what it asks for waits until it is released. */
  synchronized void stopAt(Moment moment) {
    at(moment);
    held = new CountDownLatch(1);
  }

  /** The worker that is stopped. */
  synchronized Optional<Process> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** Lets the worker go on. */
  synchronized void wake() {
    if (stopped != null) {
      FlinkCluster.signal(stopped, "CONT");
      stopped = null;
    }
  }

  /** Has done what the worker asked for. */
  synchronized void release() {
    if (held != null) {
      held.countDown();
      held = null;
    }
  }

  /** The moments that have not come, and what came in their place. */
  synchronized List<String> missed() {
    List<String> missed = new ArrayList<>(next.stream().map(Moment::name).toList());
    if (!missed.isEmpty()) {
      missed.addAll(seen);
    }

    return missed;
  }

  /** How many workers were killed at each moment. */
  synchronized Map<Moment, Integer> counts() {
    return new TreeMap<>(counts);
  }

  @Override
  public boolean before(Request request) {
    return goesOn(request, false);
  }

  @Override
  public boolean after(Request request) {
    return goesOn(request, true);
  }

  private boolean goesOn(Request request, boolean isDone) {
    CountDownLatch until = null;
    synchronized (this) {
      Optional<Process> worker = worker(request, isDone);
      if (worker.isEmpty()) {
        return true;
      }

      counts.merge(next.remove(), 1, Integer::sum);
      if (held == null) {
        worker.get().destroyForcibly();
        cluster.startWorker();
        return false;
      }

      FlinkCluster.signal(worker.get(), "STOP");
      stopped = worker.get();
      until = held;
    }

    Uninterruptibles.awaitUninterruptibly(until);
    return true;
  }

  /** The worker that has come to the next moment. */
  private Optional<Process> worker(Request request, boolean isDone) {
    Moment moment = next.peek();
    if (moment == null || moment.isDone != isDone) {
      return Optional.empty();
    }

    Optional<Process> worker = cluster.worker(request.port(), port);
    worker.ifPresent(found -> seen.add(request.call()));
    return worker.filter(found -> moment.call.matcher(request.call()).matches());
  }
}
