package ml.bqx.storage;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import ml.bqx.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written again every few minutes, by which a run shows others that it lives where
 * files cannot be locked: the run of a file that was not written for hours is dead.
 */
final class AgedLease implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AgedLease.class);

  /**
   * How often a file is written: each is a request of the dearer kind, for a small fraction of a
   * cent.
   */
  private static final Duration BEAT = Duration.ofMinutes(10);

  /** Many beats, so that an outage of the store does not look like death. */
  private static final Duration DEAD_AFTER = Duration.ofHours(6);

  /** Longer than a request takes. */
  private static final Duration END = Duration.ofMinutes(1);

  private final Storage storage;
  private final String path;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("lease").build());

  private final Future<?> beats;

  private AgedLease(Storage storage, String path, Duration beat) throws IOException {
    this.storage = storage;
    this.path = path;
    write();
    this.beats =
        heart.scheduleWithFixedDelay(
            this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Writes the file, now and then every ten minutes, until it is closed. */
  static AgedLease take(Storage storage, String path) throws IOException {
    return take(storage, path, BEAT);
  }

  static AgedLease take(Storage storage, String path, Duration beat) throws IOException {
    return new AgedLease(storage, path, beat);
  }

  private void write() throws IOException {
    storage.create(path).close();
  }

  /** An exception would be the last beat. */
  private void beat() {
    try {
      write();
    } catch (IOException | Failure e) {
      LOG.warn(
          "Cannot write {}, which shows other runs that this one lives: {}", path, e.getMessage());
    }
  }

  /**
   * Whether a run that writes the file lives; false when the file is gone.
   *
   * @param now by the clock of the storage
   */
  static boolean isHeld(Storage storage, String path, Instant now) throws IOException {
    Instant dead = now.minus(DEAD_AFTER);
    return storage.status(path).filter(file -> file.modified().isAfter(dead)).isPresent();
  }

  @Override
  public void close() throws IOException {
    beats.cancel(false);
    MoreExecutors.shutdownAndAwaitTermination(heart, END);
    storage.delete(List.of(path));
  }
}
