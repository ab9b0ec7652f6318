package ml.bqx.parallel;

import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Waits for work of other threads, and throws what it threw as if it had been done here. */
public final class Futures {
  /** Longer than a worker needs to see that it is to stop; half of it goes by in patience. */
  private static final Duration END = Duration.ofMinutes(2);

  private Futures() {}

  /**
   * Does all tasks, some at a time, and gives their results in the tasks' order. The first failure
   * is thrown when the other tasks have ended. They are not interrupted: an upload would go on in a
   * thread of its client's, and appear after all has been cleaned up.
   *
   * @param stop makes the other tasks end soon
   */
  public static <T> List<T> inParallel(int threads, List<Callable<T>> tasks, Runnable stop)
      throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CompletionService<T> completed = new ExecutorCompletionService<>(executor);
    boolean done = false;
    try {
      List<Future<T>> futures = tasks.stream().map(completed::submit).toList();
      for (int i = 0; i < futures.size(); i++) {
        join(completed.take());
      }

      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(join(future));
      }

      done = true;
      return results;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      if (!done) {
        stop.run();
      }

      MoreExecutors.shutdownAndAwaitTermination(executor, END);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("Cannot wait for other threads: interrupted", e);
  }

  public static <T> T join(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      } else if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }

      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }
}
