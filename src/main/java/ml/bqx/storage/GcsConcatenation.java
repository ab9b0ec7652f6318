package ml.bqx.storage;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.ComposeRequest;
import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Concatenates objects of one bucket with <a
 * href="https://cloud.google.com/storage/docs/composite-objects">compose</a>: only the new footer
 * is uploaded. Objects are taken whole, so their footers stay in the result as unused bytes.
 */
final class GcsConcatenation extends Concatenation {
  /** Objects that one compose call takes at most. */
  private static final int MAX_SOURCES = 32;

  private final Storage storage;
  private final Map<String, FileStatus> pinned;
  private final com.google.cloud.storage.Storage client;
  private final String target;

  /** Paths of the objects, in order. */
  private final List<String> sources = new ArrayList<>();

  /** Checksums that the manifest has, by path. */
  private final Map<String, String> checksums = new HashMap<>();

  private final List<String> temporaries = new ArrayList<>();
  private long position;

  /**
   * Begins an object that no other attempt writes.
   *
   * @param pinned objects that must be those that were seen once, by path
   */
  GcsConcatenation(
      Storage storage,
      Map<String, FileStatus> pinned,
      com.google.cloud.storage.Storage client,
      String target) {
    this.storage = storage;
    this.pinned = pinned;
    this.client = client;
    this.target = target;
  }

  @Override
  public long append(ParquetFooter footer, @Nullable String crc32c) {
    String source = footer.file();
    String bucket = CloudObject.bucket(target);
    if (Storage.isLocal(source) || !CloudObject.bucket(source).equals(bucket)) {
      throw new InvalidInputException(
          "Cannot compose: %s is not in bucket %s as the output is; put both in one bucket, or merge with --mergeMethod=stream"
              .formatted(source, bucket));
    }

    long shift = position;
    sources.add(source);
    if (crc32c != null) {
      checksums.put(source, crc32c);
    }

    position += footer.fileBytes();
    return shift;
  }

  @Override
  public void finish(byte[] tail) throws IOException {
    List<BlobId> level = checkedSources();
    level.add(upload(tail));
    while (level.size() > MAX_SOURCES) {
      List<BlobId> above = new ArrayList<>();
      for (List<BlobId> some : Lists.partition(level, MAX_SOURCES)) {
        above.add(some.size() == 1 ? some.get(0) : compose(some, temporary()));
      }

      level = above;
    }

    compose(level, target);
  }

  /** A footer of some megabytes: one request instead of a session. */
  private BlobId upload(byte[] tail) {
    String path = temporary();
    return StorageFailure.call(
        "Cannot write " + path,
        path,
        // Zipping it would cost more than sending it.
        () ->
            client
                .create(CloudObject.binary(path), tail, BlobTargetOption.disableGzipContent())
                .getBlobId());
  }

  /**
   * The generations that are composed: those that were seen, with the manifest's checksums. A
   * listing has a thousand objects.
   */
  private List<BlobId> checkedSources() throws IOException {
    Set<String> folders = new TreeSet<>();
    sources.forEach(path -> folders.add(path.substring(0, path.lastIndexOf('/'))));
    Map<String, FileStatus> found = new HashMap<>();
    for (String folder : folders) {
      storage.list(folder).forEach(file -> found.put(file.path(), file));
    }

    List<BlobId> checked = new ArrayList<>();
    for (String path : sources) {
      checked.add(checked(path, found.get(path)));
    }

    return checked;
  }

  private BlobId checked(String path, @Nullable FileStatus file) {
    if (file == null) {
      throw new InvalidInputException(
          "Cannot compose: %s is not there any more; run the extraction again".formatted(path));
    }

    FileStatus seen = pinned.getOrDefault(path, file);
    if (!seen.identity().equals(file.identity())) {
      throw new InvalidInputException(
          "Cannot compose: %s was replaced meanwhile; merge again".formatted(path));
    }

    String expected = checksums.getOrDefault(path, file.crc32c());
    if (!expected.equals(file.crc32c())) {
      throw damaged(path, file.crc32c(), expected);
    }

    return CloudObject.id(file);
  }

  private String temporary() {
    String path = "%s.part-%05d".formatted(target, temporaries.size());
    temporaries.add(path);
    return path;
  }

  private BlobId compose(List<BlobId> objects, String result) {
    ComposeRequest.Builder request =
        ComposeRequest.newBuilder().setTarget(CloudObject.binary(result));
    objects.forEach(object -> request.addSource(object.getName(), object.getGeneration()));
    return StorageFailure.call(
        "Cannot write " + result, result, () -> client.compose(request.build()).getBlobId());
  }

  /** Deletes the temporary objects, whether the file was finished or not. */
  @Override
  public void close() throws IOException {
    storage.delete(temporaries);
  }
}
