package ml.bqx.chaos;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** All kinds of accidents, with the sets that they happen to. */
final class Kinds implements Closeable {
  private final OtherProcess other;
  private final List<Kind> all;

  /**
   * All kinds.
   *
   * @param root directory for the sets
   */
  Kinds(Path root, long seed) {
    ChaosSets sets = new ChaosSets(root);
    other = new OtherProcess(root.resolve("beside"), seed);
    all =
        List.of(
            new Flips(sets),
            new Damages(sets),
            new Faults(sets),
            new Buckets(sets),
            new Kills(sets),
            new Interleavings(sets, other),
            new PowerCuts(sets),
            new FullDisks(sets));
  }

  List<Kind> all() {
    return all;
  }

  /** The kind of a name. */
  Kind of(String name) {
    return all.stream()
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no kind " + name));
  }

  @Override
  public void close() {
    other.close();
  }
}
