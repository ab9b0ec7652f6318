package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import ml.bqx.chaos.disk.Operation.Action;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Sees what a run does below a directory, and may do something else instead. Threads that the run
 * starts inherit its watch, so that those that outlive it are still seen by it.
 */
public abstract class Watch {
  private static final InheritableThreadLocal<Watch> CURRENT = new InheritableThreadLocal<>();

  private final Path root;

  /** A watch over all below a directory. */
  protected Watch(Path root) {
    this.root = root.toAbsolutePath();
  }

  /**
   * Does the operation, or what happens in its place.
   *
   * @param action the operation as the disk does it
   */
  protected abstract <T> T around(Operation operation, Action<T> action) throws IOException;

  /** The directory whose operations are seen. */
  protected final Path root() {
    return root;
  }

  /** The watch that sees what this thread does with a path. */
  static @Nullable Watch of(Path path) {
    Watch watch = CURRENT.get();
    return watch != null && path.toAbsolutePath().normalize().startsWith(watch.root) ? watch : null;
  }

  /** Makes a call in a thread of its own that this watch sees, and those that it starts. */
  public final <T> T run(Callable<T> call) {
    Result<T> result = new Result<>();
    Thread thread =
        new Thread(
            () -> {
              CURRENT.set(this);
              try {
                result.value = call.call();
              } catch (Throwable e) {
                result.thrown = e;
              }
            },
            "watched");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while a run was at work", e);
    }

    if (result.thrown != null) {
      throw new IllegalStateException("A run threw past its main", result.thrown);
    }

    return result.value;
  }

  private static final class Result<T> {
    private volatile T value;
    private volatile Throwable thrown;
  }
}
