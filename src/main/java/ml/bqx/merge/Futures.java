package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waits for work of other threads, and throws what it threw as if it had been done here. */
final class Futures {
  /** Longer than any request to a service goes on after it was interrupted. */
  private static final int END_SECONDS = 60;

  private Futures() {}

  /**
   * Does all tasks, some at a time, and gives their results in the tasks' order. The first failure
   * ends the others, and is thrown when they have ended.
   */
  static <T> List<T> inParallel(int threads, List<Callable<T>> tasks) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CompletionService<T> completed = new ExecutorCompletionService<>(executor);
    try {
      List<Future<T>> futures = tasks.stream().map(completed::submit).toList();
      for (int i = 0; i < futures.size(); i++) {
        join(completed.take());
      }

      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(join(future));
      }

      return results;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      end(executor);
    }
  }

  /** Waits for what still runs: what it writes must not appear after it has been cleaned up. */
  private static void end(ExecutorService executor) {
    executor.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }

    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("Cannot wait for other threads: interrupted", e);
  }

  static <T> T join(Future<T> future) throws IOException {
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
