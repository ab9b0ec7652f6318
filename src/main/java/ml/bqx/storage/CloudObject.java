package ml.bqx.storage;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import ml.bqx.failure.InvalidInputException;

/** Objects of Cloud Storage by their paths, {@code gs://bucket/name}. */
final class CloudObject {
  private static final String SCHEME = "gs://";
  private static final String BINARY = "application/octet-stream";

  private CloudObject() {}

  /** The object of a path, in any generation; without a name when the path is a bucket's. */
  static BlobId id(String path) {
    if (!path.startsWith(SCHEME)) {
      throw new InvalidInputException(
          "Cannot use %s: it is neither a local path nor one of Cloud Storage (gs://bucket/name)"
              .formatted(path));
    }

    String[] parts = path.substring(SCHEME.length()).split("/", 2);
    return BlobId.of(parts[0], parts.length == 1 ? "" : parts[1]);
  }

  /** The object of a path, in the generation that was seen. */
  static BlobId id(FileStatus file) {
    BlobId id = id(file.path());
    return BlobId.of(id.getBucket(), id.getName(), generation(file));
  }

  /** The generation that was seen. */
  static long generation(FileStatus file) {
    return Long.parseLong(file.identity());
  }

  /** The bucket of a path. */
  static String bucket(String path) {
    return id(path).getBucket();
  }

  /** The path of an object. */
  static String path(BlobId object) {
    return object.toGsUtilUri();
  }

  /** A new object for bytes. */
  static BlobInfo binary(String path) {
    return BlobInfo.newBuilder(id(path)).setContentType(BINARY).build();
  }
}
