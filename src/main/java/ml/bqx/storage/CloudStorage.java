package ml.bqx.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Objects of Cloud Storage; a folder is nothing but the beginning of their names. */
final class CloudStorage implements Storage {
  private static final long serialVersionUID = 1L;

  private final @Nullable String endpoint;
  private final Class<? extends CredentialFactory> credentials;

  /**
   * Objects as some options reach them.
   *
   * @param options credentials and endpoint
   */
  CloudStorage(PipelineOptions options) {
    this.endpoint = options.as(GcsOptions.class).getGcsEndpoint();
    this.credentials = options.as(GcpOptions.class).getCredentialFactoryClass();
  }

  private GcsOptions options() {
    GcsOptions options = PipelineOptionsFactory.as(GcsOptions.class);
    options.setGcsEndpoint(endpoint);
    options.as(GcpOptions.class).setCredentialFactoryClass(credentials);
    return options;
  }

  @Override
  public SeekableByteChannel channel(String path) throws IOException {
    return (SeekableByteChannel)
        FileSystems.open(FileSystems.matchSingleFileSpec(path).resourceId());
  }

  @Override
  public SeekableByteChannel channelOnce(String path) throws IOException {
    return channel(path);
  }

  @Override
  public WritableByteChannel create(String path) throws IOException {
    return new NamedChannel(path, FileSystems.create(resource(path), MimeTypes.BINARY));
  }

  @Override
  public WritableByteChannel createLarge(String path) throws IOException {
    return create(path);
  }

  @Override
  public Concatenation concatenate(String path) {
    return new GcsConcatenation(path, options());
  }

  @Override
  public List<FileStatus> list(String directory, String prefix) {
    return match(directory, prefix).stream()
        .map(
            file ->
                new FileStatus(
                    file.resourceId().toString(),
                    file.sizeBytes(),
                    Instant.ofEpochMilli(file.lastModifiedMillis()),
                    "changed " + Instant.ofEpochMilli(file.lastModifiedMillis())))
        .toList();
  }

  private static List<MatchResult.Metadata> match(String directory, String prefix) {
    try {
      MatchResult matched =
          FileSystems.match("%s/%s*".formatted(directory, prefix), EmptyMatchTreatment.ALLOW);
      return matched.status() == MatchResult.Status.NOT_FOUND ? List.of() : matched.metadata();
    } catch (IOException e) {
      // A bucket that is not there, or may not be read, is not an empty directory.
      throw StorageFailure.of("Cannot read " + directory, directory, e);
    }
  }

  @Override
  public long size(String path) throws IOException {
    try {
      return FileSystems.matchSingleFileSpec(path).sizeBytes();
    } catch (FileNotFoundException e) {
      return -1;
    }
  }

  @Override
  public String checksum(String path) throws IOException {
    return Checksum.hex(options().getGcsUtil().getObject(GcsPath.fromUri(path)));
  }

  @Override
  public String bucketLocation(String path) {
    try {
      return Transport.newStorageClient(options())
          .build()
          .buckets()
          .get(GcsPath.fromUri(path).getBucket())
          .execute()
          .getLocation();
    } catch (IOException e) {
      throw StorageFailure.of("Cannot find the location of the bucket of " + path, path, e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    FileSystems.rename(List.of(resource(from)), List.of(resource(to)));
  }

  @Override
  public void publish(String from, String to) throws IOException {
    rename(from, to);
  }

  @Override
  public void force(Collection<String> paths) {
    // An object that is there has been stored.
  }

  @Override
  public Closeable lease(String path) {
    return () -> {};
  }

  @Override
  public boolean isLeased(String path) {
    return false;
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    FileSystems.delete(
        paths.stream().map(CloudStorage::resource).toList(),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  @Override
  public void createDirectory(String directory) {
    // Objects need none.
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    delete(list(directory).stream().map(FileStatus::path).toList());
  }

  @Override
  public void deleteIfEmpty(String directory) {
    // A folder without objects is not there.
  }

  private static ResourceId resource(String path) {
    return FileSystems.matchNewResource(path, false);
  }
}
