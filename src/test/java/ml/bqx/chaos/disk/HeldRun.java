package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ml.bqx.chaos.disk.Operation.Action;

/**
 * Holds a run before one of its operations: that thread stops there, its other threads at whatever
 * they ask of the disk next.
 */
public final class HeldRun extends Watch {
  private final OperationNames names;
  private final String name;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /**
   * Holds a run.
   *
   * @param name of the operation before which it is held
   */
  public HeldRun(Path root, String name) {
    super(root);
    this.names = new OperationNames(root());
    this.name = name;
  }

  @Override
  protected <T> T around(Operation operation, Action<T> action) throws IOException {
    if (names.next(operation).equals(name)) {
      reached.countDown();
    }

    if (reached.getCount() == 0) {
      await();
    }

    return action.run();
  }

  private void await() throws IOException {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while held", e);
    }
  }

  /** Waits until the run is held; false when it has not come there in time. */
  public boolean awaitHeld(Duration patience) throws InterruptedException {
    return reached.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets it go on. */
  public void release() {
    released.countDown();
  }
}
