package ml.bqx.launch;

import com.google.api.services.storage.Storage;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;

/**
 * Reads objects of Cloud Storage with Google's client alone: loading Beam, through which the
 * pipelines read them, would take a launcher seconds and tens of megabytes.
 */
final class CloudFiles {
  private static final String PREFIX = "gs://";
  private static final String FIELDS = "size,crc32c";

  private final Storage storage;

  CloudFiles(Storage storage) {
    this.storage = storage;
  }

  /**
   * An object of a listing.
   *
   * @param crc32c CRC32C of its bytes as 8 hex digits; empty if unknown
   */
  record CloudFile(long bytes, String crc32c) {}

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  /** An object; empty if there is none. */
  Optional<CloudFile> file(String path) throws IOException {
    return found(
        path,
        () -> file(storage.objects().get(bucket(path), name(path)).setFields(FIELDS).execute()));
  }

  /** The content of a small object; empty if there is none. */
  Optional<byte[]> read(String path) throws IOException {
    return found(
        path,
        () -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          Storage.Objects.Get get = storage.objects().get(bucket(path), name(path));
          get.getMediaHttpDownloader().setDirectDownloadEnabled(true);
          get.executeMediaAndDownloadTo(bytes);
          return bytes.toByteArray();
        });
  }

  /** Whether a bucket exists; needs only the permission to read its objects. */
  boolean hasBucket(String path) throws IOException {
    return found(path, () -> storage.objects().list(bucket(path)).setMaxResults(1L).execute())
        .isPresent();
  }

  /** The objects directly in a folder, by name. */
  Map<String, CloudFile> list(String folder) throws IOException {
    String prefix = name(folder + "/");
    Map<String, CloudFile> files = new HashMap<>();
    String page = null;
    do {
      String token = page;
      Objects objects =
          call(
              folder,
              () ->
                  storage
                      .objects()
                      .list(bucket(folder))
                      .setPrefix(prefix)
                      .setDelimiter("/")
                      .setPageToken(token)
                      .setFields("items(name,%s),nextPageToken".formatted(FIELDS))
                      .execute());
      for (StorageObject item :
          objects.getItems() == null ? List.<StorageObject>of() : objects.getItems()) {
        files.put(item.getName().substring(prefix.length()), file(item));
      }

      page = objects.getNextPageToken();
    } while (page != null);

    return files;
  }

  private static CloudFile file(StorageObject item) {
    return new CloudFile(item.getSize().longValueExact(), hex(item.getCrc32c()));
  }

  /** Big-endian bytes in Base64, as the service has it, to hex digits. */
  private static String hex(String base64) {
    return base64 == null
        ? ""
        : "%08x".formatted(ByteBuffer.wrap(Base64.getDecoder().decode(base64)).getInt());
  }

  private <T> Optional<T> found(String path, Call<T> call) throws IOException {
    try {
      return Optional.of(call(path, call));
    } catch (IOException e) {
      if (CallFailure.status(e) == CallFailure.NOT_FOUND) {
        return Optional.empty();
      }

      throw e;
    }
  }

  private <T> T call(String path, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (IOException e) {
      if (CallFailure.status(e) == CallFailure.FORBIDDEN && !CallFailure.isTransient(e)) {
        throw new ServiceException(
            "Cannot read %s: no permission (%s); the launcher's service account needs roles/storage.objectViewer on the bucket"
                .formatted(path, CallFailure.reason(e)),
            e);
      }

      throw e;
    }
  }

  private static String bucket(String path) {
    int slash = path.indexOf('/', PREFIX.length());
    return slash < 0 ? path.substring(PREFIX.length()) : path.substring(PREFIX.length(), slash);
  }

  private static String name(String path) {
    return path.substring(PREFIX.length() + bucket(path).length() + 1);
  }
}
