package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.bqx.chaos.disk.Journal.Change;
import ml.bqx.chaos.disk.UnforcedTree.Node;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a disk holds when its power was cut at some moment of a run. POSIX promises no more than
 * this: bytes of a file are there when the file was forced after they were written, and a name is
 * there, or gone, when its directory was forced after the change. Of everything else any part may
 * be there. A rename happens whole or not at all.
 */
public final class PowerCut {
  /** What becomes of changes that were not forced. */
  public enum Loss {
    /** All are gone. */
    ALL,

    /** Names are there and bytes are not: some file systems write their metadata first. */
    BYTES,

    /** Of each directory the earlier changes of names, and of each file some first bytes. */
    SOME
  }

  private final Path root;
  private final Node top;
  private final Map<Object, Node> open = new IdentityHashMap<>();

  private PowerCut(Path root, Node top) {
    this.root = root;
    this.top = top;
  }

  /**
   * A disk that lost its power.
   *
   * @param before a directory as it was before the run
   * @param journal of the run
   * @param changes how many of the journal's changes had been made
   */
  public static PowerCut of(Path before, Journal journal, int changes) throws IOException {
    PowerCut cut = new PowerCut(journal.root(), read(before));
    journal.changes().subList(0, changes).forEach(cut::happen);
    return cut;
  }

  private static Node read(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      Node file = Node.file();
      file.write(0, Files.readAllBytes(path));
      file.force();
      return file;
    }

    Node directory = Node.directory();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        UnforcedTree.name(directory, entry.getFileName().toString(), read(entry));
      }
    }

    directory.force();
    return directory;
  }

  private void happen(Change change) {
    Operation operation = change.operation();
    Path path = operation.path();
    switch (operation.kind()) {
      case OPEN -> open.put(operation.file(), node(path));
      case CREATE -> open.put(operation.file(), created(path));
      case WRITE -> open.get(operation.file()).write(operation.position(), change.bytes());
      case TRUNCATE -> open.get(operation.file()).truncate(operation.position());
      case FORCE -> open.get(operation.file()).force();
      case MAKE_DIRECTORY -> UnforcedTree.name(parent(path), name(path), Node.directory());
      case DELETE -> UnforcedTree.name(parent(path), name(path), null);
      case RENAME -> {
        Path target = operation.target();
        UnforcedTree.rename(parent(path), name(path), parent(target), name(target));
      }
      default -> throw new IllegalStateException("It changes nothing: " + operation);
    }
  }

  private Node created(Path path) {
    Node file = node(path);
    if (file == null) {
      file = Node.file();
      UnforcedTree.name(parent(path), name(path), file);
    }

    file.truncate(0);
    return file;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private Node parent(Path path) {
    return node(path.getParent());
  }

  private @Nullable Node node(Path path) {
    Node node = top;
    for (Path name : root.relativize(path)) {
      node = name.toString().isEmpty() ? node : node.names.get(name.toString());
    }

    return node;
  }

  /**
   * Writes into a directory what the disk holds.
   *
   * @param random decides what {@link Loss#SOME} leaves
   */
  public void write(Path directory, Loss loss, Random random) throws IOException {
    write(top, directory, loss, random);
  }

  private static void write(Node node, Path path, Loss loss, Random random) throws IOException {
    if (!node.isDirectory()) {
      Files.write(path, bytes(node, loss, random));
      return;
    }

    if (loss == Loss.SOME) {
      int happened = random.nextInt(node.unforced.size() + 1);
      node.unforced.subList(0, happened).forEach(change -> change.happen(node));
    }

    Files.createDirectories(path);
    Map<String, Node> names = loss == Loss.BYTES ? node.names : node.forcedNames;
    for (Map.Entry<String, Node> entry : new TreeMap<>(names).entrySet()) {
      write(entry.getValue(), path.resolve(entry.getKey()), loss, random);
    }
  }

  private static byte[] bytes(Node file, Loss loss, Random random) {
    boolean some = loss == Loss.SOME && !Arrays.equals(file.bytes, file.forcedBytes);
    return some
        ? Arrays.copyOf(file.bytes, random.nextInt(file.bytes.length + 1))
        : file.forcedBytes;
  }
}
