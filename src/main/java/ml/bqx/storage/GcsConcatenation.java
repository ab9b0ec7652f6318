package ml.bqx.storage;

import static com.google.common.base.MoreObjects.firstNonNull;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.services.storage.Storage;
import com.google.api.services.storage.model.ComposeRequest;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;
import org.apache.beam.sdk.util.MimeTypes;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Concatenates objects of one bucket with <a
 * href="https://cloud.google.com/storage/docs/composite-objects">compose</a>: only the new footer
 * is uploaded. Objects are taken whole, so their footers stay in the result as unused bytes.
 */
final class GcsConcatenation extends Concatenation {
  /** Objects that one compose call takes at most. */
  private static final int MAX_SOURCES = 32;

  private final Storage client;
  private final GcsPath target;
  private final List<String> sources = new ArrayList<>();

  /** Checksums that the manifest has, by object. */
  private final Map<String, String> checksums = new HashMap<>();

  private final List<String> temporaries = new ArrayList<>();
  private long position;

  GcsConcatenation(String path, GcsOptions options) {
    client = Transport.newStorageClient(options).build();
    target = GcsPath.fromUri(path);
  }

  @Override
  public long append(ParquetFooter footer, @Nullable String crc32c) {
    GcsPath source = footer.file().startsWith("gs://") ? GcsPath.fromUri(footer.file()) : null;
    if (source == null || !source.getBucket().equals(target.getBucket())) {
      throw new InvalidInputException(
          "Cannot compose: %s is not in bucket %s as the output is; put both in one bucket, or merge with --mergeMethod=stream"
              .formatted(footer.file(), target.getBucket()));
    }

    long shift = position;
    sources.add(source.getObject());
    if (crc32c != null) {
      checksums.put(source.getObject(), crc32c);
    }

    position += footer.fileBytes();
    return shift;
  }

  @Override
  public void finish(byte[] tail) throws IOException {
    checkUnharmed();
    String tailObject = temporary();
    Storage.Objects.Insert upload =
        client
            .objects()
            .insert(
                target.getBucket(),
                new StorageObject().setName(tailObject),
                new ByteArrayContent(MimeTypes.BINARY, tail));
    // A footer of some megabytes: one request instead of a session.
    upload.getMediaHttpUploader().setDirectUploadEnabled(true);
    upload.execute();
    List<String> level = new ArrayList<>(sources);
    level.add(tailObject);
    while (level.size() > MAX_SOURCES) {
      List<String> above = new ArrayList<>();
      for (List<String> some : Lists.partition(level, MAX_SOURCES)) {
        above.add(some.size() == 1 ? some.get(0) : compose(some, temporary()));
      }

      level = above;
    }

    compose(level, target.getObject());
  }

  /** Holds the store's own checksums against the manifest's: a listing has a thousand of them. */
  private void checkUnharmed() throws IOException {
    Map<String, String> missing = new TreeMap<>(checksums);
    Set<String> folders = new TreeSet<>();
    missing.keySet().forEach(name -> folders.add(name.substring(0, name.lastIndexOf('/') + 1)));
    for (String folder : folders) {
      Storage.Objects.List listing = client.objects().list(target.getBucket()).setPrefix(folder);
      Objects page;
      do {
        page = listing.execute();
        for (StorageObject object : firstNonNull(page.getItems(), List.<StorageObject>of())) {
          checkUnharmed(object, missing.remove(object.getName()));
        }

        listing.setPageToken(page.getNextPageToken());
      } while (page.getNextPageToken() != null);
    }

    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "Cannot compose: %s is not there any more; run the extraction again"
              .formatted(uri(missing.keySet().iterator().next())));
    }
  }

  private void checkUnharmed(StorageObject object, @Nullable String expected) {
    String found = Checksum.hex(object);
    if (expected != null && !expected.equals(found)) {
      throw damaged(uri(object.getName()), found, expected);
    }
  }

  private String uri(String object) {
    return GcsPath.fromComponents(target.getBucket(), object).toString();
  }

  private String temporary() {
    String name = "%s.part-%05d".formatted(target.getObject(), temporaries.size());
    temporaries.add(name);
    return name;
  }

  private String compose(List<String> objects, String result) throws IOException {
    List<ComposeRequest.SourceObjects> parts =
        objects.stream().map(name -> new ComposeRequest.SourceObjects().setName(name)).toList();
    client
        .objects()
        .compose(
            target.getBucket(),
            result,
            new ComposeRequest()
                .setSourceObjects(parts)
                .setDestination(new StorageObject().setContentType(MimeTypes.BINARY)))
        .execute();
    return result;
  }

  /** Deletes the temporary objects, whether the file was finished or not. */
  @Override
  public void close() throws IOException {
    for (String name : temporaries) {
      try {
        client.objects().delete(target.getBucket(), name).execute();
      } catch (GoogleJsonResponseException e) {
        if (e.getStatusCode() != HttpStatusCodes.STATUS_CODE_NOT_FOUND) {
          throw e;
        }
      }
    }
  }
}
