package ml.bqx.chaos.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import ml.bqx.chaos.disk.Operation.Action;
import ml.bqx.chaos.disk.Operation.Kind;

/** A disk on which one operation of a run fails. */
public final class FaultyDisk extends Watch {
  /** What Linux says of a disk that cannot be read or written. */
  public static final String INPUT_OUTPUT_ERROR = "Input/output error";

  /** What Linux says of a full disk. */
  public static final String NO_SPACE = "No space left on device";

  private final OperationNames names;
  private final String name;
  private final Fault fault;
  private final Queue<Closeable> opened = new ConcurrentLinkedQueue<>();
  private volatile boolean reached;
  private volatile boolean full;
  private volatile boolean killed;

  /**
   * A disk with a fault.
   *
   * @param name of the operation that it happens to
   */
  public FaultyDisk(Path root, String name, Fault fault) {
    super(root);
    this.names = new OperationNames(root());
    this.name = name;
    this.fault = fault;
  }

  /** Whether the run has come to the operation. */
  public boolean reached() {
    return reached;
  }

  @Override
  protected <T> T around(Operation operation, Action<T> action) throws IOException {
    checkAlive();
    if (full && operation.kind().takesSpace()) {
      throw failed(operation, NO_SPACE);
    }

    boolean here = names.next(operation).equals(name);
    T result = here ? faulty(operation, action) : action.run();
    if (result instanceof Closeable file) {
      opened.add(file);
    }

    return result;
  }

  private void checkAlive() throws IOException {
    if (killed) {
      throw new IOException("The process is dead");
    }
  }

  private <T> T faulty(Operation operation, Action<T> action) throws IOException {
    reached = true;
    switch (fault) {
      case ERROR -> throw failed(operation, INPUT_OUTPUT_ERROR);
      case ERROR_AFTER -> {
        action.run();
        throw failed(operation, INPUT_OUTPUT_ERROR);
      }
      case SHORT -> {
        return operation.half(action);
      }
      case FULL -> {
        full = true;
        if (operation.kind() == Kind.WRITE) {
          operation.half(action);
        }

        throw failed(operation, NO_SPACE);
      }
      case KILL_BEFORE -> killed = true;
      case KILL_IN -> {
        killed = true;
        operation.half(action);
      }
      case KILL_AFTER -> {
        killed = true;
        action.run();
      }
    }

    checkAlive();
    throw new IllegalStateException("Nothing else is left: " + fault);
  }

  private static IOException failed(Operation operation, String reason) {
    return operation.buffer() == null
        ? new FileSystemException(operation.path().toString(), null, reason)
        : new IOException(reason);
  }

  /** Closes what a killed run has open, as the system does: with it its locks are gone. */
  public void closeFiles() throws IOException {
    for (Closeable file : opened) {
      file.close();
    }
  }
}
