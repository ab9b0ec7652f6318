package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import ml.bqx.chaos.disk.Operation.Action;

/** A file system of few bytes: what does not fit is refused, what is deleted makes room. */
public final class SmallDisk extends Watch {
  private final long capacity;
  private long used;
  private boolean refused;

  /**
   * A small file system.
   *
   * @param capacity bytes that it holds, besides what is there already
   */
  public SmallDisk(Path root, long capacity) {
    super(root);
    this.capacity = capacity;
  }

  /** Whether it was ever full. */
  public synchronized boolean refused() {
    return refused;
  }

  @Override
  protected synchronized <T> T around(Operation operation, Action<T> action) throws IOException {
    Path gone = operation.target() == null ? operation.path() : operation.target();
    switch (operation.kind()) {
      case WRITE -> {
        return write(operation, action);
      }
      case CREATE, DELETE, RENAME -> {
        long before = size(gone);
        T result = action.run();
        used -= before;
        return result;
      }
      default -> {
        return action.run();
      }
    }
  }

  private <T> T write(Operation operation, Action<T> action) throws IOException {
    ByteBuffer bytes = Objects.requireNonNull(operation.buffer());
    long size = size(operation.path());
    long grown = Math.max(0, operation.position() + bytes.remaining() - size);
    long lacking = used + grown - capacity;
    if (lacking <= 0) {
      T result = action.run();
      used += grown;
      return result;
    }

    refused = true;
    long fits = bytes.remaining() - lacking;
    if (fits > 0 && operation.part(fits) <= fits) {
      // What fits is written, and nothing is said of the rest.
      T result = operation.limited(operation.part(fits), action);
      used += Math.max(0, size(operation.path()) - size);
      return result;
    }

    throw new IOException(FaultyDisk.NO_SPACE);
  }

  private static long size(Path path) throws IOException {
    return Files.isRegularFile(path) ? Files.size(path) : 0;
  }
}
