package ml.bqx.chaos.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Files and directories as programs see them, and of each what is sure to survive a power cut. */
final class UnforcedTree {
  /** A file or a directory. */
  static final class Node {
    /** Entries of a directory; null of a file. */
    final @Nullable Map<String, Node> names;

    /** Those that are sure to be there. */
    final @Nullable Map<String, Node> forcedNames;

    /** Changes of the names, from the first that was made since the directory was forced. */
    final List<NameChange> unforced = new ArrayList<>();

    byte[] bytes = new byte[0];
    byte[] forcedBytes = bytes;

    private Node(boolean directory) {
      names = directory ? new TreeMap<>() : null;
      forcedNames = directory ? new TreeMap<>() : null;
    }

    static Node file() {
      return new Node(false);
    }

    static Node directory() {
      return new Node(true);
    }

    boolean isDirectory() {
      return names != null;
    }

    /** Makes everything in it, but not what is below, sure to be there. */
    void force() {
      forcedBytes = bytes;
      unforced.forEach(change -> change.happen(this));
      unforced.clear();
    }

    void write(long position, byte[] written) {
      int end = Math.toIntExact(position + written.length);
      byte[] all = Arrays.copyOf(bytes, Math.max(bytes.length, end));
      System.arraycopy(written, 0, all, (int) position, written.length);
      bytes = all;
    }

    void truncate(long size) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(bytes.length, size));
    }
  }

  /** One name of a directory, given to a node or, with null, taken away. */
  record Edit(Node directory, String name, @Nullable Node node) {
    private void apply(Map<String, Node> names) {
      if (node == null) {
        names.remove(name);
      } else {
        names.put(name, node);
      }
    }
  }

  /** Edits that happen together or not at all: those of a rename are two. */
  static final class NameChange {
    private final List<Edit> edits;
    private boolean happened;

    private NameChange(Edit... edits) {
      this.edits = List.of(edits);
    }

    /**
     * Is on the disk from now on. Where it was already, because the other directory was forced, it
     * is done again in this one, whose earlier changes come only now.
     */
    void happen(Node directory) {
      for (Edit edit : edits) {
        if (!happened || edit.directory == directory) {
          edit.apply(edit.directory.forcedNames);
        }
      }

      happened = true;
    }
  }

  private UnforcedTree() {}

  /** Gives a name, or takes it away. */
  static void name(Node directory, String name, @Nullable Node node) {
    change(new Edit(directory, name, node));
  }

  /** Renames a file. */
  static void rename(Node from, String name, Node to, String newName) {
    Node moved = from.names.get(name);
    change(new Edit(from, name, null), new Edit(to, newName, moved));
  }

  private static void change(Edit... edits) {
    NameChange change = new NameChange(edits);
    for (Edit edit : edits) {
      edit.apply(edit.directory.names);
      if (!edit.directory.unforced.contains(change)) {
        edit.directory.unforced.add(change);
      }
    }
  }
}
