package ml.bqx.parallel;

import com.google.common.base.Throwables;
import com.google.common.collect.Lists;
import com.google.common.util.concurrent.Futures;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import ml.bqx.failure.Failure;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the same call for many items, several at once. */
public final class ParallelCalls {
  /** Concurrent requests to a service; BigQuery allows 100 a second per account. */
  private static final int QUESTIONS = 16;

  private ParallelCalls() {}

  /**
   * One call.
   *
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Call<I, O, X extends Exception> {
    /** Makes the call for one item. */
    O of(I item) throws X;
  }

  /**
   * Makes a call for each item, in the order of the items, in new threads. Once a call has failed
   * no other begins. Those that run are waited for and not interrupted, so that nothing is written
   * when all has been cleaned up.
   *
   * @return the results in the order of the items
   * @throws X what the call threw that failed first
   */
  public static <I, O, X extends Exception> List<O> of(
      int threads, List<I> items, Call<? super I, ? extends O, X> call) throws X {
    return of(threads, items, call, () -> {});
  }

  /**
   * Makes a call for each item, as {@link #of(int, List, Call)} does.
   *
   * @param stop makes the calls that run end soon, when one has failed
   */
  public static <I, O, X extends Exception> List<O> of(
      int threads, List<I> items, Call<? super I, ? extends O, X> call, Runnable stop) throws X {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      return all(pool, items, call, stop);
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * Calls a service for each item.
   *
   * @return the answers in the order of the items
   * @throws Failure with a problem for each item whose call failed
   */
  public static <I, O, X extends Exception> List<O> of(
      List<I> items, Call<? super I, ? extends O, X> call) throws X {
    List<Answer<O>> answers = of(QUESTIONS, items, item -> Answer.of(item, call));
    List<Failure> failures =
        answers.stream().map(Answer::failure).filter(Objects::nonNull).toList();
    if (failures.isEmpty()) {
      return answers.stream().map(Answer::value).toList();
    }

    throw Failure.of(
        "Cannot use %,d of %,d tables:".formatted(failures.size(), items.size()), failures);
  }

  /**
   * What a call answered.
   *
   * @param value null when it failed
   * @param failure why it failed; null when it did not
   */
  private record Answer<O>(@Nullable O value, @Nullable Failure failure) {
    static <I, O, X extends Exception> Answer<O> of(I item, Call<? super I, ? extends O, X> call)
        throws X {
      try {
        return new Answer<>(call.of(item), null);
      } catch (Failure e) {
        return new Answer<>(null, e);
      }
    }
  }

  private static <I, O, X extends Exception> List<O> all(
      ExecutorService threads, List<I> items, Call<? super I, ? extends O, X> call, Runnable stop)
      throws X {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Future<O>> done;
    try {
      done =
          threads.invokeAll(
              Lists.<I, Callable<O>>transform(
                  items, item -> () -> unlessFailed(failure, item, call, stop)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot wait for other threads: interrupted", e);
    }

    if (failure.get() != null) {
      Throwables.throwIfUnchecked(failure.get());
      @SuppressWarnings("unchecked")
      X declared = (X) failure.get();
      throw declared;
    }

    return done.stream().map(Futures::getUnchecked).toList();
  }

  private static <I, O> @Nullable O unlessFailed(
      AtomicReference<Throwable> failure,
      I item,
      Call<? super I, ? extends O, ?> call,
      Runnable stop) {
    try {
      return failure.get() == null ? call.of(item) : null;
    } catch (Throwable e) {
      if (failure.compareAndSet(null, e)) {
        stop.run();
      }

      return null;
    }
  }
}
