package ml.bqx.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a run asks of the disk.
 *
 * @param path of the file or directory; of an open file, the path by which it was opened
 * @param target the new name, of a {@link Kind#RENAME}
 * @param file stands for the open file, of operations that open one or need an open one
 * @param buffer what is read into or written from, between its position and its limit
 * @param position in the file, of a {@link Kind#READ}, {@link Kind#WRITE} or {@link Kind#TRUNCATE}
 */
public record Operation(
    Kind kind,
    Path path,
    @Nullable Path target,
    @Nullable Object file,
    @Nullable ByteBuffer buffer,
    long position) {
  /** Bytes of a block of a disk. */
  private static final int BLOCK = 4_096;

  /** Kinds of operations. */
  public enum Kind {
    OPEN,
    CREATE,
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    RENAME,
    DELETE,
    MAKE_DIRECTORY,
    LIST,
    STATUS;

    /** Whether it leaves the disk as it is. */
    boolean onlyLooks() {
      return switch (this) {
        case OPEN, READ, LIST, STATUS -> true;
        default -> false;
      };
    }

    /** Whether a full disk refuses it. */
    boolean takesSpace() {
      return this == CREATE || this == WRITE || this == MAKE_DIRECTORY;
    }
  }

  Operation(Kind kind, Path path) {
    this(kind, path, null, null, null, 0);
  }

  /** The operation itself, as the disk does it. */
  @FunctionalInterface
  public interface Action<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * How many bytes a read or write that is to be done in parts takes: at most so many, but at least
   * one. What goes past the page cache is done in whole blocks.
   */
  int part(long most) {
    ByteBuffer bytes = Objects.requireNonNull(buffer);
    long part = Math.max(1, Math.min(most, bytes.remaining()));
    boolean blocks = bytes.isDirect() && bytes.remaining() % BLOCK == 0;
    return (int) (blocks ? Math.max(1, part / BLOCK) * BLOCK : part);
  }

  /** Does a read or write with only so many of the bytes that are asked for. */
  <T> T limited(int count, Action<T> action) throws IOException {
    ByteBuffer bytes = Objects.requireNonNull(buffer);
    int limit = bytes.limit();
    bytes.limit(bytes.position() + count);
    try {
      return action.run();
    } finally {
      bytes.limit(limit);
    }
  }

  /** Does half of a read or write. */
  <T> T half(Action<T> action) throws IOException {
    return limited(part(Objects.requireNonNull(buffer).remaining() / 2), action);
  }
}
