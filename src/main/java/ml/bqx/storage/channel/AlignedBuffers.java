package ml.bqx.storage.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Buffers for reads and writes between a disk and memory that leave the kernel's page cache out
 * ({@code O_DIRECT}, see open(2)): the disk demands that places in the file and in memory, and
 * lengths, are multiples of its block size. Copying a training file through the page cache costs
 * four times as much processor time, and the cache pushes out what others have there.
 */
public final class AlignedBuffers {
  /** Bytes of a buffer. */
  public static final int BYTES = 1 << 22;

  /** Buffers that readers of files may keep between their reads, all together. */
  private static final Semaphore KEPT = new Semaphore(8);

  /** A multiple of any disk's block size that we make use of. */
  private static final int ALIGNMENT = 1 << 16;

  /**
   * Native memory goes back to the system only with the garbage collector's next run, and each
   * checkpoint is a file: what a closed one has used, the next one takes.
   */
  private static final Queue<ByteBuffer> SPARE = new ConcurrentLinkedQueue<>();

  /** Block sizes by directory: their files are in one file system. */
  private static final Map<Path, Integer> BLOCKS = new ConcurrentHashMap<>();

  /** Leaves the page cache out; none where the JVM has no such option. */
  private static final Optional<OpenOption> DIRECT = direct();

  private AlignedBuffers() {}

  /** An empty buffer. */
  static ByteBuffer take() {
    ByteBuffer spare = SPARE.poll();
    return spare == null
        ? ByteBuffer.allocateDirect(BYTES + ALIGNMENT).alignedSlice(ALIGNMENT).limit(BYTES).slice()
        : spare.clear();
  }

  /** Takes a buffer back that nobody uses any more. */
  static void giveBack(ByteBuffer buffer) {
    SPARE.add(buffer);
  }

  /** An empty buffer for as long as a file is open; null while others have all there are. */
  static @Nullable ByteBuffer takeToKeep() {
    return KEPT.tryAcquire() ? take() : null;
  }

  static void giveBackKept(ByteBuffer buffer) {
    giveBack(buffer);
    KEPT.release();
  }

  /**
   * Opens an existing file so that the page cache is left out.
   *
   * @return nothing when its file system cannot do that
   */
  static Optional<DirectFile> open(Path file, StandardOpenOption access) throws IOException {
    try {
      int block = DIRECT.isPresent() ? block(file) : 0;
      return block > 0 && ALIGNMENT % block == 0
          ? Optional.of(new DirectFile(FileChannel.open(file, access, DIRECT.get()), block))
          : Optional.empty();
    } catch (UnsupportedOperationException | FileSystemException e) {
      // As a file system in memory does. Opening it in the ordinary way says what else is wrong.
      return Optional.empty();
    }
  }

  /** The block size of the file system; to find it, the JDK reads the list of all mounts. */
  private static int block(Path file) throws IOException {
    // What a link leads to may be elsewhere.
    Path directory = Files.isSymbolicLink(file) ? null : file.toAbsolutePath().getParent();
    Integer known = directory == null ? null : BLOCKS.get(directory);
    if (known != null) {
      return known;
    }

    int block = Math.toIntExact(Files.getFileStore(file).getBlockSize());
    if (directory != null) {
      BLOCKS.put(directory, block);
    }

    return block;
  }

  /**
   * Looked up by name: it is outside of the Java standard, and newer compilers warn of each mention
   * of its class in a way that cannot be switched off, where {@code -Werror} makes it an error.
   */
  private static Optional<OpenOption> direct() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Optional.of((OpenOption) options.getField("DIRECT").get(null));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * A file past the page cache.
   *
   * @param channel takes aligned places, lengths and buffers only
   * @param block the file system's block size in bytes
   */
  record DirectFile(FileChannel channel, int block) {}
}
