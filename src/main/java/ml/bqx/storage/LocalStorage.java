package ml.bqx.storage;

import static java.util.stream.Collectors.toSet;

import com.google.common.collect.Lists;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.channel.AlignedBuffers;
import ml.bqx.storage.channel.Checksum;
import ml.bqx.storage.channel.NamedReader;
import ml.bqx.storage.channel.UncachedReader;
import ml.bqx.storage.channel.UncachedWriter;

/**
 * Files of this machine, by the JDK: Beam's local channels pass every byte through an 8 KB buffer
 * and its look-ups walk the directory (a third of an extraction's time, when it was measured).
 */
final class LocalStorage implements Storage {
  private static final long serialVersionUID = 1L;

  /** Attempts to delete a directory into which late workers of a failed run still write. */
  private static final int DELETIONS = 10;

  /** Files that are forced side by side: the journal of a file system takes them together. */
  private static final int FORCED_AT_ONCE = 16;

  @Override
  public SeekableByteChannel channel(String path) throws IOException {
    return new NamedReader(path, FileChannel.open(Path.of(path), StandardOpenOption.READ));
  }

  @Override
  public SeekableByteChannel channelOnce(String path) throws IOException {
    return new NamedReader(path, UncachedReader.open(Path.of(path)));
  }

  @Override
  public SeekableByteChannel channelWhole(String path) throws IOException {
    return new NamedReader(path, UncachedReader.openWhole(Path.of(path)));
  }

  @Override
  public WritableByteChannel create(String path) throws IOException {
    return new NamedChannel(
        path,
        FileChannel.open(
            Path.of(path),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  @Override
  public WritableByteChannel createLarge(String path) throws IOException {
    return new NamedChannel(path, UncachedWriter.create(Path.of(path)));
  }

  @Override
  public Concatenation concatenate(String path) throws IOException {
    return new LocalConcatenation(createLarge(path));
  }

  @Override
  public List<FileStatus> list(String directory, String prefix) throws IOException {
    return LocalFiles.list(directory, prefix);
  }

  @Override
  public List<FileStatus> listBelow(String directory) throws IOException {
    return LocalFiles.listBelow(directory);
  }

  @Override
  public Optional<FileStatus> status(String path) throws IOException {
    return LocalFiles.status(path);
  }

  @Override
  public boolean hasDirectory(String directory) throws IOException {
    return LocalFiles.attributes(directory).filter(BasicFileAttributes::isDirectory).isPresent();
  }

  @Override
  public String checksum(String path) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(AlignedBuffers.BYTES);
    try (SeekableByteChannel channel = channelOnce(path)) {
      while (channel.read(buffer.clear()) >= 0) {
        crc.update(buffer.flip());
      }
    }

    return Checksum.hex(crc);
  }

  @Override
  public String bucketLocation(String path) {
    throw new IllegalArgumentException(
        "Cannot locate a bucket: %s is a local path".formatted(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(Path.of(from), Path.of(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void publish(String from, String to) throws IOException {
    forceOne(Path.of(from));
    rename(from, to);
    forceOne(directory(to));
  }

  @Override
  public boolean publishNew(String from, String to) throws IOException {
    forceOne(Path.of(from));
    try {
      Files.move(Path.of(from), Path.of(to));
    } catch (FileAlreadyExistsException e) {
      return false;
    }

    forceOne(directory(to));
    return true;
  }

  /** Side by side, so that the file system forces many at once. */
  @Override
  public void force(Collection<String> paths) throws IOException {
    ParallelCalls.of(
        FORCED_AT_ONCE,
        List.copyOf(paths),
        path -> {
          forceOne(Path.of(path));
          return path;
        });
    for (Path directory : paths.stream().map(LocalStorage::directory).collect(toSet())) {
      forceOne(directory);
    }
  }

  static Path directory(String path) {
    return Objects.requireNonNull(Path.of(path).toAbsolutePath().getParent(), path);
  }

  /** Forces a file or a directory: either can be opened to be read, and be forced then. */
  private static void forceOne(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw NamedReader.named(path.toString(), e);
    }
  }

  /**
   * Makes a directory and those above it, and forces their names to the disk: what is published in
   * a directory is lost with the directory.
   */
  static void makeDirectories(Path directory) throws IOException {
    List<Path> made = new ArrayList<>();
    Path path = directory.toAbsolutePath();
    // From above, so that a file in the way is what the error names, on every JDK.
    for (int count = 1; count <= path.getNameCount(); count++) {
      Path ancestor = path.getRoot().resolve(path.subpath(0, count));
      if (!isThere(ancestor)) {
        made.add(ancestor);
      }
    }

    if (!made.isEmpty()) {
      Files.createDirectories(directory);
    }

    for (Path below : Lists.reverse(made)) {
      forceOne(directory(below.toString()));
    }
  }

  /** Whether a directory is there; a file in its place is an error. */
  private static boolean isThere(Path directory) throws IOException {
    Optional<BasicFileAttributes> found = LocalFiles.attributes(directory.toString());
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new FileAlreadyExistsException(directory.toString());
    }

    return found.isPresent();
  }

  @Override
  public Closeable lease(String path) throws IOException {
    return Lease.take(Path.of(path));
  }

  @Override
  public boolean isLeased(String path, Instant now) throws IOException {
    return Lease.isHeld(Path.of(path));
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    for (String path : paths) {
      Files.deleteIfExists(Path.of(path));
    }
  }

  @Override
  public void deleteUnchanged(FileStatus seen) throws IOException {
    if (status(seen.path()).filter(now -> now.identity().equals(seen.identity())).isPresent()) {
      delete(List.of(seen.path()));
    }
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    makeDirectories(Path.of(directory));
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    for (int attempt = 1; Files.exists(Path.of(directory)); attempt++) {
      try {
        MoreFiles.deleteRecursively(Path.of(directory), RecursiveDeleteOption.ALLOW_INSECURE);
      } catch (IOException e) {
        if (attempt == DELETIONS) {
          throw e;
        }
      }
    }
  }

  @Override
  public void deleteIfEmpty(String directory) throws IOException {
    try {
      Files.deleteIfExists(Path.of(directory));
    } catch (DirectoryNotEmptyException e) {
      // Another run's files are in it.
    }
  }
}
