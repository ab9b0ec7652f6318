package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.chaos.disk.Operation.Action;
import ml.bqx.chaos.disk.Operation.Kind;

/** Lists what a run asks of the disk. */
public final class Recording extends Watch {
  /**
   * One operation.
   *
   * @param name as other watches take it
   */
  public record Entry(Kind kind, String name) {
    /** Whether it changes what is on the disk. */
    public boolean changes() {
      return !kind.onlyLooks();
    }
  }

  private final OperationNames names;
  private final List<Entry> entries = new ArrayList<>();

  /** A recording of what happens below a directory. */
  public Recording(Path root) {
    super(root);
    names = new OperationNames(root());
  }

  @Override
  protected <T> T around(Operation operation, Action<T> action) throws IOException {
    synchronized (this) {
      entries.add(new Entry(operation.kind(), names.next(operation)));
    }

    return action.run();
  }

  /** What was asked so far, in order. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }
}
