package ml.bqx.storage.channel;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes a large local file that nobody is going to read soon, past the page cache. The disk writes
 * what it was given while the next buffer is filled. One thread at a time.
 */
public final class UncachedWriter implements WritableByteChannel {
  /** Longer than a disk takes for a buffer. */
  private static final Duration END = Duration.ofMinutes(1);

  /** Buffers that the disk has at most: one that it writes, and the next one. */
  private static final int IN_FLIGHT = 2;

  private final FileChannel tail;
  private final FileChannel file;
  private final int block;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("disk").build());

  /** What the disk was given, in order: each future is done with a buffer that was written. */
  private final Queue<Future<ByteBuffer>> writing = new ArrayDeque<>();

  private ByteBuffer filling = AlignedBuffers.take();
  private long position;
  private boolean open = true;

  private UncachedWriter(FileChannel tail, AlignedBuffers.DirectFile direct) {
    this.tail = tail;
    this.file = direct.channel();
    this.block = direct.block();
  }

  /**
   * Creates a file, or empties it; through the page cache where the file system knows no other way.
   */
  public static WritableByteChannel create(Path path) throws IOException {
    FileChannel ordinary =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
    Optional<AlignedBuffers.DirectFile> direct =
        AlignedBuffers.open(path, StandardOpenOption.WRITE);
    return direct.isPresent() ? new UncachedWriter(ordinary, direct.get()) : ordinary;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }

    int written = from.remaining();
    while (from.hasRemaining()) {
      int length = Math.min(from.remaining(), filling.remaining());
      filling.put(filling.position(), from, from.position(), length);
      filling.position(filling.position() + length);
      from.position(from.position() + length);
      if (!filling.hasRemaining()) {
        handOver();
      }
    }

    return written;
  }

  private void handOver() throws IOException {
    ByteBuffer full = filling.flip();
    long at = position;
    writing.add(disk.submit(() -> write(full, at)));
    position += full.limit();
    filling = writing.size() < IN_FLIGHT ? AlignedBuffers.take() : written();
  }

  /** The buffer that the disk was given first, once it is written; a failure stays the first. */
  private ByteBuffer written() throws IOException {
    ByteBuffer buffer = await(writing.element());
    writing.remove();
    return buffer;
  }

  private ByteBuffer write(ByteBuffer full, long at) throws IOException {
    int written = file.write(full, at);
    // A disk that is full, or a limit, takes a part. The rest is no whole block, so that direct
    // output would complain about that; the ordinary way says what is wrong.
    while (full.hasRemaining()) {
      written += tail.write(full, at + written);
    }

    return full.clear();
  }

  /** Waits until the disk has a buffer, which then can be filled again. */
  private static ByteBuffer await(Future<ByteBuffer> written) throws IOException {
    try {
      return written.get();
    } catch (ExecutionException e) {
      throw new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Cannot wait for the disk").initCause(e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (!open) {
      return;
    }

    open = false;
    try (file;
        tail) {
      while (!writing.isEmpty()) {
        AlignedBuffers.giveBack(written());
      }

      int rest = filling.position();
      int whole = rest - rest % block;
      if (whole > 0) {
        write(filling.flip().limit(whole), position);
      }

      // The end of the file is not a whole block.
      tail.position(position + whole);
      filling.limit(rest).position(whole);
      while (filling.hasRemaining()) {
        tail.write(filling);
      }
    } finally {
      if (MoreExecutors.shutdownAndAwaitTermination(disk, END)) {
        AlignedBuffers.giveBack(filling);
      }
    }
  }
}
