package ml.bqx.chaos.disk;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashSet;
import java.util.Set;
import ml.bqx.chaos.disk.Operation.Kind;
import org.apache.lucene.tests.mockfile.FilterFileSystem;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterPath;

/**
 * The default file system of a JVM, which shows every operation to the {@link Watch} of the run
 * that asks for it. A JVM has it when started with {@link #JVM_OPTION}.
 *
 * <p>It stands below whatever the program uses to reach the disk, so nothing that Java does passes
 * it by. What native libraries do is not seen: DuckDB reads and writes its files itself.
 */
public final class WatchedFileSystem extends FilterFileSystemProvider {
  /** Makes this the default file system of a JVM. */
  public static final String JVM_OPTION =
      "-Djava.nio.file.spi.DefaultFileSystemProvider=" + WatchedFileSystem.class.getName();

  /** Called by the JDK with the provider of the platform. */
  public WatchedFileSystem(FileSystemProvider platform) {
    super("file", platform);
    fileSystem = new FilterFileSystem(this, platform.getFileSystem(URI.create("file:///")));
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return wrapPath(delegate.getPath(uri));
  }

  @Override
  public FilterPath wrapPath(Path path) {
    return new DefaultPath(path, fileSystem);
  }

  /** A path that can be made a file, as the default file system's can. */
  private static final class DefaultPath extends FilterPath {
    DefaultPath(Path path, FilterFileSystem fileSystem) {
      super(path, fileSystem);
    }

    @Override
    public File toFile() {
      return new File(toString());
    }
  }

  private <T> T show(Kind kind, Path path, Operation.Action<T> action) throws IOException {
    Watch watch = Watch.of(path);
    return watch == null ? action.run() : watch.around(new Operation(kind, path), action);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Watch watch = Watch.of(path);
    if (watch == null) {
      return super.newFileChannel(path, options, attributes);
    }

    Object token = new Object();
    Operation opening = new Operation(kind(path, options), path, null, token, null, 0);
    FileChannel opened =
        watch.around(opening, () -> super.newFileChannel(path, options, attributes));
    return new WatchedChannel(opened, watch, path, token);
  }

  private Kind kind(Path path, Set<? extends OpenOption> options) {
    boolean creates =
        options.contains(StandardOpenOption.CREATE)
            || options.contains(StandardOpenOption.CREATE_NEW);
    boolean makes =
        options.contains(StandardOpenOption.TRUNCATE_EXISTING)
            || (creates && Files.notExists(toDelegate(path)));
    return makes && options.contains(StandardOpenOption.WRITE) ? Kind.CREATE : Kind.OPEN;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    all.add(StandardOpenOption.READ);
    return Channels.newInputStream(newFileChannel(path, all));
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    if (all.isEmpty()) {
      all.add(StandardOpenOption.CREATE);
      all.add(StandardOpenOption.TRUNCATE_EXISTING);
    }

    all.add(StandardOpenOption.WRITE);
    return Channels.newOutputStream(newFileChannel(path, all));
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    show(
        Kind.MAKE_DIRECTORY,
        directory,
        () -> {
          super.createDirectory(directory, attributes);
          return null;
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    show(
        Kind.DELETE,
        path,
        () -> {
          super.delete(path);
          return null;
        });
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    // Shown as one operation: whether the file is there is found out by deleting it.
    try {
      delete(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Watch watch = Watch.of(target);
    Operation.Action<Void> action =
        () -> {
          super.move(source, target, options);
          return null;
        };
    if (watch == null) {
      action.run();
    } else {
      watch.around(new Operation(Kind.RENAME, source, target, null, null, 0), action);
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return show(Kind.LIST, directory, () -> super.newDirectoryStream(directory, filter));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    show(
        Kind.STATUS,
        path,
        () -> {
          super.checkAccess(path, modes);
          return null;
        });
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return show(Kind.STATUS, path, () -> super.readAttributes(path, type, options));
  }
}
