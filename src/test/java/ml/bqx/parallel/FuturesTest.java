package ml.bqx.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FuturesTest {
  @Test
  void resultsComeInTheTasksOrder() throws Exception {
    List<Callable<Integer>> tasks =
        IntStream.range(0, 100).<Callable<Integer>>mapToObj(i -> () -> i).toList();
    AtomicBoolean stopped = new AtomicBoolean();

    assertThat(Futures.inParallel(3, tasks, () -> stopped.set(true)))
        .isEqualTo(IntStream.range(0, 100).boxed().toList());
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

    assertThatThrownBy(() -> Futures.inParallel(2, List.of(upload, failure), stop::countDown))
        .isInstanceOf(IOException.class)
        .hasMessage("no such file");
    assertThat(ended).hasValue("by itself");
  }
}
