package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes each path to the storage that has it. */
record StorageByPath(Storage local, Storage cloud) implements Storage {
  private Storage of(String path) {
    return Storage.isLocal(path) ? local : cloud;
  }

  @Override
  public SeekableByteChannel channel(String path) throws IOException {
    return of(path).channel(path);
  }

  @Override
  public SeekableByteChannel channelOnce(String path) throws IOException {
    return of(path).channelOnce(path);
  }

  @Override
  public SeekableByteChannel channelWhole(String path) throws IOException {
    return of(path).channelWhole(path);
  }

  @Override
  public WritableByteChannel create(String path) throws IOException {
    return of(path).create(path);
  }

  @Override
  public WritableByteChannel createLarge(String path) throws IOException {
    return of(path).createLarge(path);
  }

  @Override
  public Concatenation concatenate(String path) throws IOException {
    return of(path).concatenate(path);
  }

  @Override
  public List<FileStatus> list(String directory, String prefix) throws IOException {
    return of(directory).list(directory, prefix);
  }

  @Override
  public List<FileStatus> listBelow(String directory) throws IOException {
    return of(directory).listBelow(directory);
  }

  @Override
  public byte[] read(String path) throws IOException {
    return of(path).read(path);
  }

  @Override
  public Optional<FileStatus> status(String path) throws IOException {
    return of(path).status(path);
  }

  @Override
  public Storage pinned(Collection<FileStatus> files) {
    List<FileStatus> objects =
        files.stream().filter(file -> !Storage.isLocal(file.path())).toList();
    return new StorageByPath(local, cloud.pinned(objects));
  }

  @Override
  public boolean hasDirectory(String directory) throws IOException {
    return of(directory).hasDirectory(directory);
  }

  @Override
  public String checksum(String path) throws IOException {
    return of(path).checksum(path);
  }

  @Override
  public String bucketLocation(String path) {
    return of(path).bucketLocation(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    of(from).rename(from, to);
  }

  @Override
  public void publish(String from, String to) throws IOException {
    of(from).publish(from, to);
  }

  @Override
  public boolean publishNew(String from, String to) throws IOException {
    return of(from).publishNew(from, to);
  }

  @Override
  public void publish(String directory, String path, byte[] content) throws IOException {
    of(path).publish(directory, path, content);
  }

  @Override
  public void commit(String directory, String path, byte[] content) throws IOException {
    of(path).commit(directory, path, content);
  }

  @Override
  public void force(Collection<String> paths) throws IOException {
    local.force(paths.stream().filter(Storage::isLocal).toList());
    cloud.force(paths.stream().filter(path -> !Storage.isLocal(path)).toList());
  }

  @Override
  public Closeable lease(String path) throws IOException {
    return of(path).lease(path);
  }

  @Override
  public boolean isLeased(String path, Instant now) throws IOException {
    return of(path).isLeased(path, now);
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    local.delete(paths.stream().filter(Storage::isLocal).toList());
    cloud.delete(paths.stream().filter(path -> !Storage.isLocal(path)).toList());
  }

  @Override
  public void deleteUnchanged(FileStatus seen) throws IOException {
    of(seen.path()).deleteUnchanged(seen);
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    of(directory).createDirectory(directory);
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    of(directory).deleteDirectory(directory);
  }

  @Override
  public void deleteIfEmpty(String directory) throws IOException {
    of(directory).deleteIfEmpty(directory);
  }
}
