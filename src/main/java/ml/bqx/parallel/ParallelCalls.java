package ml.bqx.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.bqx.options.InvalidInputException;

/** Asks a service about hundreds of tables, several at once. */
public final class ParallelCalls {
  /** Calls at once; BigQuery allows an account a hundred a second. */
  private static final int CALLS = 16;

  private ParallelCalls() {}

  /** One call. */
  @FunctionalInterface
  public interface Call<I, O> {
    /** Asks about one item. */
    O of(I item) throws Exception;
  }

  /**
   * Makes a call for each item.
   *
   * @return the answers in the order of the items
   * @throws InvalidInputException with a line for each item that a call refused; one line alone
   *     when it is the only one
   */
  public static <I, O> List<O> of(List<I> items, Call<? super I, ? extends O> call) {
    ExecutorService threads = Executors.newFixedThreadPool(CALLS);
    try {
      List<Future<O>> answers = new ArrayList<>();
      for (I item : items) {
        answers.add(threads.submit(() -> call.of(item)));
      }

      return answers(answers);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <O> List<O> answers(List<Future<O>> calls) {
    List<O> answers = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Future<O> call : calls) {
      try {
        answers.add(call.get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof InvalidInputException)) {
          throw new IllegalStateException(e.getCause());
        }

        problems.add(e.getCause().getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Stopped while looking at tables", e);
      }
    }

    if (problems.isEmpty()) {
      return answers;
    }

    throw new InvalidInputException(
        problems.size() == 1
            ? problems.get(0)
            : Failures.inWords(
                "Cannot use %,d of %,d tables:".formatted(problems.size(), calls.size()),
                problems));
  }
}
