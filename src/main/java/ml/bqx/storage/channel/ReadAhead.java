package ml.bqx.storage.channel;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads local files from beginning to end, one after the other, some pieces ahead of whoever takes
 * them: the disk works meanwhile, and on several pieces at once. One thread at a time takes them.
 */
public final class ReadAhead implements Closeable {
  /** Pieces that the disk is asked for at once; more do not make it faster. */
  private static final int IN_FLIGHT = 3;

  private final Iterator<Extent> extents;
  private final Queue<Future<Piece>> reading = new ArrayDeque<>();
  private final ExecutorService disk =
      Executors.newFixedThreadPool(
          IN_FLIGHT, new ThreadFactoryBuilder().setDaemon(true).setNameFormat("ahead-%d").build());

  /** Bytes of the file that are not asked for yet. */
  private long left;

  private Extent file = new Extent("", 0);

  /**
   * Prepares to read files.
   *
   * @param files in their order
   */
  public ReadAhead(Iterator<Extent> files) {
    this.extents = files;
  }

  /**
   * A file to be read.
   *
   * @param path where it is
   * @param bytes its size as it should be
   */
  public record Extent(String path, long bytes) {}

  /**
   * A piece of a file.
   *
   * @param path of the file
   * @param bytes the piece; fewer than {@link AlignedBuffers#BYTES} where the file ends
   */
  public record Piece(String path, ByteBuffer bytes) {}

  /**
   * The next piece of the file that is not read to its end yet, then of the next file. It is to be
   * given back.
   */
  public Piece next() throws IOException {
    while (reading.size() < IN_FLIGHT && (left > 0 || extents.hasNext())) {
      if (left == 0) {
        file = extents.next();
        left = file.bytes();
      } else {
        String path = file.path();
        long position = file.bytes() - left;
        reading.add(disk.submit(() -> read(path, position)));
        left -= Math.min(left, AlignedBuffers.BYTES);
      }
    }

    try {
      return reading.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }

      throw new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Cannot wait for the disk").initCause(e);
    }
  }

  /** Takes back a piece that is done with. */
  public void giveBack(Piece piece) {
    AlignedBuffers.giveBack(piece.bytes());
  }

  private static Piece read(String path, long position) throws IOException {
    ByteBuffer buffer = AlignedBuffers.take();
    try (OnceFile file = OnceFile.open(Path.of(path))) {
      file.read(buffer, position);
      return new Piece(path, buffer);
    } catch (IOException e) {
      throw NamedReader.named(path, e);
    }
  }

  /** Waits for nobody: what still is read goes to buffers that nobody uses. */
  @Override
  public void close() {
    disk.shutdownNow();
  }
}
