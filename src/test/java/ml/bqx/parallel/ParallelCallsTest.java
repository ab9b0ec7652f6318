package ml.bqx.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;

class ParallelCallsTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @Test
  void resultsComeInTheItemsOrder() {
    AtomicBoolean stopped = new AtomicBoolean();

    assertThat(ParallelCalls.of(3, HUNDRED, i -> i, () -> stopped.set(true))).isEqualTo(HUNDRED);
    assertThat(stopped).isFalse();
  }

  /** An upload that is interrupted goes on in another thread, and nobody deletes what it makes. */
  @Test
  void aFailureStopsTheOthersAndWaitsForThemButDoesNotInterruptThem() {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch stop = new CountDownLatch(1);
    AtomicReference<String> ended = new AtomicReference<>("not at all");
    Callable<Void> upload =
        () -> {
          began.countDown();
          try {
            stop.await();
            Thread.sleep(200);
            ended.set("by itself");
          } catch (InterruptedException e) {
            ended.set("interrupted");
          }

          return null;
        };
    Callable<Void> failure =
        () -> {
          began.await();
          throw new IOException("no such file");
        };

    assertThatThrownBy(
            () -> ParallelCalls.of(2, List.of(upload, failure), Callable::call, stop::countDown))
        .isInstanceOf(IOException.class)
        .hasMessage("no such file");
    assertThat(ended).hasValue("by itself");
  }

  @Test
  void noCallBeginsOnceOneHasFailed() {
    AtomicInteger begun = new AtomicInteger();

    assertThatThrownBy(
            () ->
                ParallelCalls.of(
                    1,
                    HUNDRED,
                    i -> {
                      begun.incrementAndGet();
                      throw new IOException("no such file " + i);
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no such file 0");
    assertThat(begun).hasValue(1);
  }

  @Test
  void allRefusalsOfAServiceAreToldTogether() {
    assertThatThrownBy(
            () ->
                ParallelCalls.of(
                    List.of("a", "b", "c"),
                    table -> {
                      if (!table.equals("b")) {
                        throw new InvalidInputException("no table " + table);
                      }

                      return table;
                    }))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot use 2 of 3 tables:\nno table a\nno table c");
  }
}
