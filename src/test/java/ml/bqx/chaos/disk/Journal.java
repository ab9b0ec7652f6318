package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.chaos.disk.Operation.Action;

/**
 * Notes all that a run changes on the disk, and what it forces to it, so that {@link PowerCut} can
 * tell what a disk may hold that lost its power at any of these operations.
 */
public final class Journal extends Watch {
  /**
   * One change.
   *
   * @param name of the operation, as {@link Recording} has it
   * @param file stands for the file that is written, forced or truncated; null of other operations
   * @param bytes that were written
   */
  record Change(String name, Operation operation, byte[] bytes) {}

  private final OperationNames names;
  private final List<Change> changes = new ArrayList<>();

  /** A journal of what happens below a directory. */
  public Journal(Path root) {
    super(root);
    names = new OperationNames(root());
  }

  /** One at a time, so that the order in the journal is that on the disk. */
  @Override
  protected synchronized <T> T around(Operation operation, Action<T> action) throws IOException {
    ByteBuffer written = operation.buffer() == null ? null : operation.buffer().duplicate();
    T result = action.run();
    byte[] bytes = new byte[0];
    if (operation.kind() == Operation.Kind.WRITE) {
      bytes = new byte[(Integer) result];
      written.get(bytes);
    }

    String name = names.next(operation);
    boolean opens = operation.kind() == Operation.Kind.OPEN;
    if (opens || !operation.kind().onlyLooks()) {
      changes.add(new Change(name, withoutBuffer(operation), bytes));
    }

    return result;
  }

  private static Operation withoutBuffer(Operation operation) {
    return new Operation(
        operation.kind(),
        operation.path().toAbsolutePath().normalize(),
        operation.target() == null ? null : operation.target().toAbsolutePath().normalize(),
        operation.file(),
        null,
        operation.position());
  }

  /** What was changed so far, in order. */
  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** For each operation that changed the disk, how many changes there were when it was done. */
  public synchronized Map<String, Integer> ends() {
    Map<String, Integer> ends = new HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      if (!changes.get(i).operation.kind().onlyLooks()) {
        ends.put(changes.get(i).name, i + 1);
      }
    }

    return ends;
  }

  /** How many changes there are. */
  public synchronized int length() {
    return changes.size();
  }
}
