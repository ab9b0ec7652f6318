package ml.bqx.storage;

import static com.google.common.base.Strings.nullToEmpty;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BucketField;
import com.google.cloud.storage.Storage.BucketGetOption;
import com.google.cloud.storage.Storage.CopyRequest;
import com.google.cloud.storage.StorageException;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import ml.bqx.config.CloudConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.channel.Checksum;
import ml.bqx.storage.channel.WindowedReader;

/** Objects of Cloud Storage; a folder is nothing but the beginning of their names. */
final class CloudStorage implements Storage {
  private static final long serialVersionUID = 1L;

  /** Objects that are deleted side by side: each is a round trip, and a set has hundreds. */
  private static final int DELETED_AT_ONCE = 16;

  /** Of an object that is read to its end, in memory: 8 MiB, half of a usual checkpoint. */
  private static final int WINDOW = 8 << 20;

  /** What a {@link FileStatus} is made of. */
  private static final BlobField[] STATUS = {
    BlobField.NAME, BlobField.SIZE, BlobField.UPDATED, BlobField.GENERATION, BlobField.CRC32C
  };

  private final CloudConfig config;

  /** Objects that are read as they were seen once, by path. */
  private final ImmutableMap<String, FileStatus> pinned;

  CloudStorage(CloudConfig config) {
    this(config, ImmutableMap.of());
  }

  private CloudStorage(CloudConfig config, ImmutableMap<String, FileStatus> pinned) {
    this.config = config;
    this.pinned = pinned;
  }

  private com.google.cloud.storage.Storage client() {
    return CloudClient.of(config);
  }

  @Override
  public Storage pinned(Collection<FileStatus> files) {
    return new CloudStorage(
        config, files.stream().collect(toImmutableMap(FileStatus::path, Function.identity())));
  }

  /** The file that a path is read as. */
  private FileStatus source(String path) throws IOException {
    FileStatus seen = pinned.get(path);
    return seen == null ? existing(path) : seen;
  }

  @Override
  public SeekableByteChannel channel(String path) throws IOException {
    return new CloudReader(client(), source(path));
  }

  @Override
  public SeekableByteChannel channelOnce(String path) throws IOException {
    return channel(path);
  }

  /** In a few requests, where each row group would be one. */
  @Override
  public SeekableByteChannel channelWhole(String path) throws IOException {
    return WindowedReader.ofWhole(channel(path), WINDOW);
  }

  /** In one request: a channel needs another one, for the size. */
  @Override
  public byte[] read(String path) throws IOException {
    if (pinned.containsKey(path)) {
      return Storage.super.read(path);
    }

    try {
      return client()
          .readAllBytes(CloudObject.id(path), BlobSourceOption.shouldReturnRawInputStream(true));
    } catch (StorageException e) {
      if (StorageFailure.isMissing(e)) {
        throw new NoSuchFileException(path);
      }

      throw StorageFailure.of("Cannot read " + path, path, e);
    }
  }

  @Override
  public WritableByteChannel create(String path) throws IOException {
    return new CloudWriter(client(), path);
  }

  @Override
  public WritableByteChannel createLarge(String path) throws IOException {
    return create(path);
  }

  @Override
  public Concatenation concatenate(String path) {
    return new GcsConcatenation(this, pinned, client(), path);
  }

  @Override
  public List<FileStatus> list(String directory, String prefix) {
    return list(directory, prefix, BlobListOption.delimiter("/"));
  }

  /** Listed from its parent, so that an error names a directory that users know. */
  @Override
  public boolean hasDirectory(String directory) {
    int slash = directory.lastIndexOf('/');
    return !list(directory.substring(0, slash), directory.substring(slash + 1) + "/").isEmpty();
  }

  @Override
  public List<FileStatus> listBelow(String directory) {
    return list(directory, "", new BlobListOption[0]);
  }

  private List<FileStatus> list(String directory, String prefix, BlobListOption... more) {
    BlobId begin = CloudObject.id("%s/%s".formatted(directory, prefix));
    List<BlobListOption> options = Lists.newArrayList(more);
    options.add(BlobListOption.prefix(begin.getName()));
    options.add(BlobListOption.fields(STATUS));
    return StorageFailure.call(
        "Cannot read " + directory,
        directory,
        () -> {
          List<FileStatus> files = new ArrayList<>();
          for (Blob blob :
              client()
                  .list(begin.getBucket(), options.toArray(BlobListOption[]::new))
                  .iterateAll()) {
            // Not folders, nor the empty objects that stand for them.
            if (!blob.isDirectory() && !blob.getName().endsWith("/")) {
              files.add(status(blob));
            }
          }

          return files;
        });
  }

  @Override
  public Optional<FileStatus> status(String path) {
    return StorageFailure.call(
        "Cannot read " + path,
        path,
        () ->
            Optional.ofNullable(client().get(CloudObject.id(path), BlobGetOption.fields(STATUS)))
                .map(CloudStorage::status));
  }

  private static FileStatus status(Blob blob) {
    return new FileStatus(
        CloudObject.path(BlobId.of(blob.getBucket(), blob.getName())),
        blob.getSize(),
        blob.getUpdateTimeOffsetDateTime().toInstant(),
        blob.getGeneration().toString(),
        nullToEmpty(blob.getCrc32cToHexString()));
  }

  @Override
  public String checksum(String path) throws IOException {
    return existing(path).crc32c();
  }

  @Override
  public String bucketLocation(String path) {
    String what = "Cannot find the location of the bucket of " + path;
    Optional<Bucket> bucket =
        StorageFailure.call(
            what,
            path,
            () ->
                Optional.ofNullable(
                    client()
                        .get(
                            CloudObject.bucket(path),
                            BucketGetOption.fields(BucketField.LOCATION))));
    return bucket
        .map(Bucket::getLocation)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: there is no bucket %s".formatted(what, CloudObject.bucket(path))));
  }

  /** Copies the object within the service, then deletes it. */
  @Override
  public void rename(String from, String to) throws IOException {
    copy(existing(from), to).replace();
    delete(List.of(from));
  }

  private ConditionalWrite copy(FileStatus source, String to) {
    return new ConditionalWrite(
        to,
        source.bytes(),
        source.crc32c(),
        condition ->
            client()
                .copy(
                    CopyRequest.newBuilder()
                        .setSource(CloudObject.id(source))
                        .setTarget(CloudObject.binary(to), condition)
                        .build())
                .getResult(),
        () -> status(to));
  }

  /** In one request: an object is there when all of it is. */
  @Override
  public void commit(String directory, String path, byte[] content) {
    write(content, path).replace();
  }

  @Override
  public void publish(String directory, String path, byte[] content) {
    write(content, path).replaceLast();
  }

  private ConditionalWrite write(byte[] content, String path) {
    return new ConditionalWrite(
        path,
        content.length,
        Checksum.hex(content),
        condition -> client().create(CloudObject.binary(path), content, condition),
        () -> status(path));
  }

  @Override
  public void publish(String from, String to) throws IOException {
    rename(from, to);
  }

  @Override
  public boolean publishNew(String from, String to) throws IOException {
    return copy(existing(from), to).inPlaceOf(0);
  }

  @Override
  public void force(Collection<String> paths) {
    // An object that is there has been stored.
  }

  @Override
  public Closeable lease(String path) throws IOException {
    return AgedLease.take(this, path);
  }

  @Override
  public boolean isLeased(String path, Instant now) throws IOException {
    return AgedLease.isHeld(this, path, now);
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    ParallelCalls.of(
        DELETED_AT_ONCE,
        List.copyOf(paths),
        path ->
            StorageFailure.call(
                "Cannot delete " + path, path, () -> client().delete(CloudObject.id(path))));
  }

  @Override
  public void deleteUnchanged(FileStatus seen) {
    try {
      client()
          .delete(
              CloudObject.id(seen.path()),
              BlobSourceOption.generationMatch(CloudObject.generation(seen)));
    } catch (StorageException e) {
      if (!StorageFailure.isChanged(e)) {
        throw StorageFailure.of("Cannot delete " + seen.path(), seen.path(), e);
      }
    }
  }

  @Override
  public void createDirectory(String directory) {
    // Objects need none.
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    List<FileStatus> all = list(directory, "", new BlobListOption[0]);
    delete(all.stream().map(FileStatus::path).toList());
  }

  @Override
  public void deleteIfEmpty(String directory) {
    // A folder without objects is not there.
  }
}
