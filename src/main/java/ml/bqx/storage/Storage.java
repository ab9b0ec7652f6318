package ml.bqx.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ml.bqx.config.CloudConfig;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.storage.channel.NamedReader;

/**
 * Files by path, on a local disk or on Cloud Storage ({@code gs://bucket/name}). A run makes one
 * from its options and hands it to whatever reads or writes, also to workers.
 */
public interface Storage extends Serializable {
  /** Directory, in a pair's checkpoints and in the output, of files that are not whole yet. */
  String TEMPORARY = "_temporary";

  /** How the names of files begin that {@link #checkWritable} makes. */
  String PROBE = "_probe-";

  /** Of a file that is copied, in memory: each piece of an object is a request. 8 MiB. */
  int COPIED_BYTES = 8 << 20;

  /**
   * Storage for a run.
   *
   * @param cloud how it reaches Cloud Storage
   */
  static Storage of(CloudConfig cloud) {
    return new StorageByPath(new LocalStorage(), new CloudStorage(cloud));
  }

  /** Storage for a run that knows this machine only. */
  static Storage local() {
    return new LocalStorage();
  }

  /** Whether a path is one of this machine's own file system. */
  static boolean isLocal(String path) {
    return !path.contains("://");
  }

  /** Opens a file for reading at any position. */
  SeekableByteChannel channel(String path) throws IOException;

  /** Opens a file to read much of it once: a local one past the page cache. */
  SeekableByteChannel channelOnce(String path) throws IOException;

  /** Opens a file to read all of it once, or nearly all: a small local one is read in one go. */
  default SeekableByteChannel channelWhole(String path) throws IOException {
    return channelOnce(path);
  }

  /**
   * Creates a file in a directory that exists; a file that exists is replaced. It makes no
   * directory: a worker that outlives its failed run must not bring back what that run has deleted.
   */
  WritableByteChannel create(String path) throws IOException;

  /**
   * Creates a large file that nobody is going to read soon, as {@link #create} does: a local one
   * past the page cache.
   */
  WritableByteChannel createLarge(String path) throws IOException;

  /** Begins a file that is made of others; see {@link Concatenation}. */
  Concatenation concatenate(String path) throws IOException;

  /**
   * The files right under a directory whose name begins like this, hidden ones included; empty when
   * there is no such directory.
   *
   * @throws InvalidInputException when its bucket does not exist or cannot be read
   */
  List<FileStatus> list(String directory, String prefix) throws IOException;

  /**
   * The files under a directory at any depth, hidden ones and dangling links included; empty when
   * there is no such directory.
   *
   * @throws InvalidInputException when its bucket does not exist or cannot be read
   */
  List<FileStatus> listBelow(String directory) throws IOException;

  /** A file as it is now; empty when there is none. */
  Optional<FileStatus> status(String path) throws IOException;

  /**
   * A file that must be there, as it is now.
   *
   * @throws NoSuchFileException when it is not
   */
  default FileStatus existing(String path) throws IOException {
    return status(path).orElseThrow(() -> new NoSuchFileException(path));
  }

  /**
   * This storage, reading files as they were seen once: of an object it reads that generation, and
   * fails when another one has replaced it. Local files are compared when they have been read.
   */
  default Storage pinned(Collection<FileStatus> files) {
    return this;
  }

  /** Whether there is a directory, empty or not; on object stores, whether files are in it. */
  default boolean hasDirectory(String directory) throws IOException {
    return !list(directory).isEmpty();
  }

  /**
   * CRC32C of a file's bytes, as 8 hex digits. Cloud Storage is asked for the one it keeps, a local
   * file is read.
   */
  String checksum(String path) throws IOException;

  /**
   * Where Cloud Storage keeps the bucket of a path, for example {@code EU} or {@code US-CENTRAL1}.
   *
   * @throws InvalidInputException when there is no such bucket, or it may not be looked at
   */
  String bucketLocation(String path);

  /** Renames a file, replacing what has the new name: atomically where the file system can. */
  void rename(String from, String to) throws IOException;

  /**
   * Gives a finished file its final name, so that a power cut leaves either the whole of it there
   * or what had the name before: the file is forced to the disk, renamed, then its directory is
   * forced.
   */
  void publish(String from, String to) throws IOException;

  /**
   * The same for a name that nothing may have yet.
   *
   * @return false when something has it, which stays
   */
  boolean publishNew(String from, String to) throws IOException;

  /**
   * Forces files to the disk, and the names they have in their directories. Objects of Cloud
   * Storage are there for good as soon as they are there.
   */
  void force(Collection<String> paths) throws IOException;

  /**
   * Holds a file as long as this process lives, or until it is closed: the sign for other runs that
   * what belongs to it is in use. The system unlocks a local file when its process dies; an object
   * is written again every few minutes.
   */
  Closeable lease(String path) throws IOException;

  /**
   * Whether the run that holds a lease lives; on Cloud Storage it is given some hours.
   *
   * @param now the time as {@link #now} tells it
   */
  boolean isLeased(String path, Instant now) throws IOException;

  /**
   * The time by the clock that sets the times of files: this machine's may be wrong by hours. It is
   * some minutes late at most, or at the beginning of time, when nothing seems old.
   *
   * @param listed files, with that one
   * @param lease a lease that this run holds
   */
  static Instant now(List<FileStatus> listed, String lease) {
    return listed.stream()
        .filter(file -> file.path().equals(lease))
        .map(FileStatus::modified)
        .findFirst()
        .orElse(Instant.EPOCH);
  }

  /** Deletes files; those that do not exist are passed over. */
  void delete(Collection<String> paths) throws IOException;

  /** Deletes a file, unless another one has its name by now. */
  void deleteUnchanged(FileStatus seen) throws IOException;

  /** Creates a directory and those above it, where there are directories. */
  void createDirectory(String directory) throws IOException;

  /** Deletes a directory, if it is there, with all that is in it. */
  void deleteDirectory(String directory) throws IOException;

  /** Deletes a directory when nothing is in it. */
  void deleteIfEmpty(String directory) throws IOException;

  /** The files right under a directory, as {@link #list(String, String)} finds them. */
  default List<FileStatus> list(String directory) throws IOException {
    return list(directory, "");
  }

  /** Opens a Parquet file and reads its footer. */
  default ParquetFile open(String path) throws IOException {
    return open(path, Optional.empty());
  }

  /**
   * Opens a Parquet file that has a record.
   *
   * @param checksums of its parts: whatever is read of it is compared with them
   */
  default ParquetFile open(String path, Optional<PartChecksums> checksums) throws IOException {
    return ParquetFile.of(new ParquetInput(path, channel(path)), checksums);
  }

  /** Opens a Parquet file, without looking into it, to read much of it once. */
  default ParquetInput openOnce(String path) throws IOException {
    return new ParquetInput(path, channelOnce(path));
  }

  /** Opens a Parquet file, without looking into it, to read all of it once. */
  default ParquetInput openWhole(String path) throws IOException {
    return new ParquetInput(path, channelWhole(path));
  }

  /** Copies a file to a new one of this machine. */
  default void copy(String path, Path target) throws IOException {
    try (SeekableByteChannel source = channel(path);
        WritableByteChannel copy = Files.newByteChannel(target, CREATE_NEW, WRITE)) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(COPIED_BYTES, source.size() + 1));
      while (source.read(piece) >= 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          copy.write(piece);
        }

        piece.clear();
      }
    } catch (IOException e) {
      // Reads name their file themselves.
      throw NamedReader.named(target.toString(), e);
    }
  }

  /** The whole of a small file, if there is one. */
  default Optional<byte[]> readIfThere(String path) throws IOException {
    try {
      return Optional.of(read(path));
    } catch (NoSuchFileException | FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The whole of a small file. */
  default byte[] read(String path) throws IOException {
    try (SeekableByteChannel channel = channel(path)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (content.hasRemaining() && channel.read(content) >= 0) {}
      return content.array();
    }
  }

  /** Writes a small file into a directory that exists. */
  default void write(String path, byte[] content) throws IOException {
    try (WritableByteChannel channel = create(path)) {
      Channels.newOutputStream(channel).write(content);
    }
  }

  /**
   * Begins a file that gets its final name when it is whole.
   *
   * @param path where it is until then, a name that no other has in a directory that exists
   */
  default NewFile newFile(String path) {
    return new NewFile(this, path);
  }

  /**
   * Writes a small file for good, so that it is whole or not there; see {@link NewFile#publish}.
   *
   * @param directory of a pair's checkpoints
   * @param path of the file, below it
   */
  default void publish(String directory, String path, byte[] content) throws IOException {
    try (NewFile file = temporary(directory)) {
      file.write(content);
      file.publish(path);
    }
  }

  /**
   * Writes a small file so that it is whole or not there, without waiting for the disk; see {@link
   * NewFile#commit}.
   *
   * @param directory of the pair's checkpoints
   * @param path of the file, below it
   */
  default void commit(String directory, String path, byte[] content) throws IOException {
    createDirectory(path.substring(0, path.lastIndexOf('/')));
    try (NewFile file = temporary(directory)) {
      file.write(content);
      file.commit(path);
    }
  }

  /**
   * Begins a file for a pair's directory. What a killed run leaves of it is where {@link
   * TemporaryFiles} deletes it.
   *
   * @param directory of the pair's checkpoints
   */
  default NewFile temporary(String directory) throws IOException {
    return temporary(directory, "");
  }

  /** The same, with a name that begins like this. */
  default NewFile temporary(String directory, String prefix) throws IOException {
    createDirectory(directory + "/" + TEMPORARY);
    return newFile("%s/%s/%s%s".formatted(directory, TEMPORARY, prefix, UUID.randomUUID()));
  }

  /**
   * Makes sure that files can be created in a directory, before hours of work are put into them. It
   * tries to, and takes away what killed runs left of their trials.
   *
   * @throws Failure when they cannot
   */
  default void checkWritable(String directory) {
    String probe = directory + "/" + PROBE + UUID.randomUUID();
    try {
      createDirectory(directory);
      create(probe).close();
      delete(list(directory, PROBE).stream().map(FileStatus::path).toList());
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("Cannot write to " + directory, directory, e);
    }
  }
}
