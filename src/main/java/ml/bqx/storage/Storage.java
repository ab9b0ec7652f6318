package ml.bqx.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ml.bqx.options.InvalidInputException;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetInput;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.MimeTypes;

/**
 * Files by path, local or {@code gs://}. Remote ones go through Beam's {@link FileSystems}; local
 * ones through the JDK, because Beam's local channels pass every byte through an 8 KB buffer and
 * its look-ups walk the directory (a third of an extraction's time, when it was measured).
 */
public final class Storage {
  private Storage() {}

  /** A file as listing shows it. */
  public record FileStatus(String path, long bytes, Instant modified) {
    /** The path behind the last slash. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** Directory, in a pair's checkpoints and in the output, of files that are not whole yet. */
  public static final String TEMPORARY = "_temporary";

  /** Whether a path is one of this machine's own file system. */
  public static boolean isLocal(String path) {
    return !path.contains("://");
  }

  /** Opens a Parquet file and reads its footer. */
  public static ParquetFile open(String path) throws IOException {
    return ParquetFile.of(new ParquetInput(path, channel(path)));
  }

  /**
   * Opens a Parquet file, without looking into it, to read much of it once: a local one past the
   * page cache.
   */
  public static ParquetInput openOnce(String path) throws IOException {
    return new ParquetInput(
        path, isLocal(path) ? UncachedReader.open(Path.of(path)) : channel(path));
  }

  private static SeekableByteChannel channel(String path) throws IOException {
    if (isLocal(path)) {
      return FileChannel.open(Path.of(path), StandardOpenOption.READ);
    }

    ReadableByteChannel channel =
        FileSystems.open(FileSystems.matchSingleFileSpec(path).resourceId());
    return (SeekableByteChannel) channel;
  }

  /** Copies a file to one of this machine. */
  public static void copy(String path, Path target) throws IOException {
    try (SeekableByteChannel source = channel(path)) {
      Files.copy(Channels.newInputStream(source), target);
    }
  }

  /**
   * Where Cloud Storage keeps the bucket of a path, for example {@code EU} or {@code US-CENTRAL1}.
   *
   * @param options credentials and endpoint
   * @throws InvalidInputException when there is no such bucket, or it may not be looked at
   */
  public static String bucketLocation(String path, PipelineOptions options) {
    try {
      return Transport.newStorageClient(options.as(GcsOptions.class))
          .build()
          .buckets()
          .get(GcsPath.fromUri(path).getBucket())
          .execute()
          .getLocation();
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot see where the bucket of %s lies: %s"
              .formatted(path, StorageFailure.reason(path, e)),
          e);
    }
  }

  /** Creates a directory and those above it, where there are directories. */
  public static void createDirectory(String directory) throws IOException {
    if (isLocal(directory)) {
      Files.createDirectories(Path.of(directory));
    }
  }

  /**
   * Creates a file in a directory that exists; a file that exists is replaced. It makes no
   * directory: a worker that outlives its failed run must not bring back what that run has deleted.
   */
  public static WritableByteChannel create(String path) throws IOException {
    if (isLocal(path)) {
      return FileChannel.open(
          Path.of(path),
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING);
    }

    return FileSystems.create(FileSystems.matchNewResource(path, false), MimeTypes.BINARY);
  }

  /**
   * Creates a large file that nobody is going to read soon, as {@link #create} does: a local one
   * past the page cache.
   */
  public static WritableByteChannel createLarge(String path) throws IOException {
    return isLocal(path) ? UncachedWriter.create(Path.of(path)) : create(path);
  }

  /**
   * The files right under a directory, hidden ones included; empty when there is none.
   *
   * @throws InvalidInputException when its bucket does not exist or cannot be read
   */
  public static List<FileStatus> list(String directory) throws IOException {
    return list(directory, "");
  }

  /** Like {@link #list(String)}, but only files whose name begins like this. */
  public static List<FileStatus> list(String directory, String prefix) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    if (isLocal(directory)) {
      if (Files.isDirectory(Path.of(directory))) {
        try (DirectoryStream<Path> entries =
            Files.newDirectoryStream(
                Path.of(directory),
                file ->
                    file.getFileName().toString().startsWith(prefix)
                        && Files.isRegularFile(file))) {
          for (Path file : entries) {
            status(directory, file).ifPresent(files::add);
          }
        }
      }

      return files;
    }

    for (MatchResult.Metadata file : match(directory, prefix)) {
      files.add(
          new FileStatus(
              file.resourceId().toString(),
              file.sizeBytes(),
              Instant.ofEpochMilli(file.lastModifiedMillis())));
    }

    return files;
  }

  private static Optional<FileStatus> status(String directory, Path file) throws IOException {
    try {
      return Optional.of(
          new FileStatus(
              directory + "/" + file.getFileName(),
              Files.size(file),
              Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      // Another worker has deleted it since the directory told its name.
      return Optional.empty();
    }
  }

  private static List<MatchResult.Metadata> match(String directory, String prefix) {
    try {
      MatchResult matched =
          FileSystems.match("%s/%s*".formatted(directory, prefix), EmptyMatchTreatment.ALLOW);
      return matched.status() == MatchResult.Status.NOT_FOUND ? List.of() : matched.metadata();
    } catch (IOException e) {
      // A bucket that is not there, or may not be read, is not an empty directory.
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(directory, StorageFailure.reason(directory, e)), e);
    }
  }

  /** Bytes of a file, or -1 when it does not exist. */
  public static long size(String path) throws IOException {
    try {
      return isLocal(path)
          ? Files.size(Path.of(path))
          : FileSystems.matchSingleFileSpec(path).sizeBytes();
    } catch (FileNotFoundException | NoSuchFileException e) {
      return -1;
    }
  }

  /** Renames a file, replacing what has the new name: atomically where the file system can. */
  public static void rename(String from, String to) throws IOException {
    if (isLocal(from)) {
      Files.move(Path.of(from), Path.of(to), StandardCopyOption.ATOMIC_MOVE);
    } else {
      FileSystems.rename(List.of(resource(from)), List.of(resource(to)));
    }
  }

  /** Deletes files; those that do not exist are passed over. */
  public static void delete(Collection<String> paths) throws IOException {
    List<ResourceId> remote = new ArrayList<>();
    for (String path : paths) {
      if (isLocal(path)) {
        Files.deleteIfExists(Path.of(path));
      } else {
        remote.add(resource(path));
      }
    }

    FileSystems.delete(remote, StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Deletes a directory and the files right in it, if it is there. */
  public static void deleteDirectory(String directory) throws IOException {
    delete(list(directory).stream().map(FileStatus::path).toList());
    if (isLocal(directory)) {
      while (!deleteIfEmpty(Path.of(directory))) {
        // A worker of a pipeline that has failed began another file meanwhile.
        delete(list(directory).stream().map(FileStatus::path).toList());
      }

      // Another run's temporary files may be in it.
      deleteIfEmpty(Path.of(directory).toAbsolutePath().getParent());
    }
  }

  /** Deletes a local directory; false when something is in it. */
  @CanIgnoreReturnValue
  static boolean deleteIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /**
   * Makes sure that files can be created in a directory, before hours of work are put into them.
   *
   * @throws InvalidInputException when they cannot
   */
  public static void checkWritable(String directory) {
    String temporary = directory + "/" + TEMPORARY;
    String probe = "%s/probe-%s".formatted(temporary, UUID.randomUUID());
    try {
      createDirectory(temporary);
      create(probe).close();
      delete(List.of(probe));
    } catch (IOException | RuntimeException e) {
      throw new InvalidInputException(
          "Cannot write to %s: %s".formatted(directory, StorageFailure.reason(directory, e)), e);
    }
  }

  private static ResourceId resource(String path) {
    return FileSystems.matchNewResource(path, false);
  }

  /** The whole of a small file. */
  public static byte[] read(String path) throws IOException {
    try (SeekableByteChannel channel = channel(path)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (content.hasRemaining() && channel.read(content) >= 0) {}
      return content.array();
    }
  }

  /**
   * Writes a small file of a pair under a temporary name and renames it, so that it is whole or not
   * there. What a killed run leaves lies where {@link TemporaryFiles} deletes it.
   *
   * @param directory of the pair's checkpoints
   * @param name of the file, from there
   */
  public static void writeAtomically(String directory, String name, byte[] content)
      throws IOException {
    String path = directory + "/" + name;
    createDirectory(path.substring(0, path.lastIndexOf('/')));
    createDirectory(directory + "/" + TEMPORARY);
    // A name of its own: two runs may write the same file at once.
    String temporary = "%s/%s/%s".formatted(directory, TEMPORARY, UUID.randomUUID());
    try (WritableByteChannel channel = create(temporary)) {
      write(channel, ByteBuffer.wrap(content));
    }

    rename(temporary, path);
  }

  /** Writes all of a buffer: a channel may take it in parts. */
  static void write(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
