package ml.bqx.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ml.bqx.config.CloudConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's client of Cloud Storage, against a strict little store. */
class CloudStorageTest extends StorageContract {
  @TempDir Path bucket;

  private ObjectStore store;
  private Storage storage;

  @BeforeEach
  void start() throws IOException {
    store = new ObjectStore(bucket);
    storage = Storage.of(CloudConfig.of(store.endpoint(), List.of()));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Override
  String directory() {
    return "gs://bucket/some folder";
  }

  @Override
  Storage storage() {
    return storage;
  }

  @Test
  void aCopyOnAWorkerReachesTheSameObjects() throws Exception {
    write(path("file"), "text");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(storage);

    Storage copy =
        (Storage) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

    assertThat(copy.read(path("file"))).isEqualTo("text".getBytes(UTF_8));
  }

  @Test
  void aRangeIsOneRequestForItsBytes() throws Exception {
    write(path("file"), "0123456789");
    store.calls.clear();

    try (SeekableByteChannel channel = storage.channel(path("file"))) {
      ByteBuffer part = ByteBuffer.allocate(3);
      assertThat(channel.position(5).read(part)).isEqualTo(3);
      assertThat(new String(part.array(), UTF_8)).isEqualTo("567");
      assertThat(channel.position()).isEqualTo(8);
    }

    assertThat(store.calls)
        .containsExactly(
            "GET /storage/v1/b/bucket/o/some folder/file",
            "GET /download/storage/v1/b/bucket/o/some folder/file");
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsNotMixedWithTheNewOne() throws Exception {
    write(path("file"), "old bytes");

    try (SeekableByteChannel channel = storage.channel(path("file"))) {
      channel.read(ByteBuffer.allocate(3));
      write(path("file"), "new bytes");

      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(3)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot read %s: it was replaced meanwhile, or deleted; run again", path("file"));
    }
  }

  @Test
  void aFileThatIsPinnedIsReadAsItWasSeen() throws Exception {
    write(path("file"), "old bytes");
    Storage pinned = storage.pinned(storage.list(directory()));
    assertThat(pinned.read(path("file"))).isEqualTo("old bytes".getBytes(UTF_8));

    write(path("file"), "new bytes");

    assertThatThrownBy(() -> pinned.read(path("file")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read %s: it was replaced meanwhile, or deleted; run again", path("file"));
    assertThat(storage.read(path("file"))).isEqualTo("new bytes".getBytes(UTF_8));
  }

  @Test
  void onlyPathsOfCloudStorageAreTaken() {
    assertThatThrownBy(() -> storage.list("s3://bucket/folder"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot use s3://bucket/folder/: it is neither a local path nor one of Cloud Storage"
                + " (gs://bucket/name)");
  }

  /** More than one part of an upload. */
  @Test
  void aLargeFileIsWrittenInParts() throws Exception {
    byte[] bytes = new byte[40_000_000];
    new Random(1).nextBytes(bytes);

    try (WritableByteChannel channel = storage.createLarge(path("file"))) {
      for (int at = 0; at < bytes.length; at += 10_000_000) {
        ByteBuffer part = ByteBuffer.wrap(bytes, at, 10_000_000);
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    }

    assertThat(Files.readAllBytes(bucket.resolve("some folder/file"))).isEqualTo(bytes);
    assertThat(store.calls).filteredOn(call -> call.startsWith("PUT ")).hasSize(3);
  }

  @Test
  void aFileIsThereOnlyWhenItIsWhole() throws Exception {
    try (WritableByteChannel channel = storage.create(path("file"))) {
      channel.write(ByteBuffer.wrap("text".getBytes(UTF_8)));
      assertThat(bucket.resolve("some folder/file")).doesNotExist();
    }

    assertThat(bucket.resolve("some folder/file")).hasContent("text");
  }

  @Test
  void manyFilesAreDeletedSideBySide() throws Exception {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      Files.createDirectories(bucket.resolve("some folder"));
      Files.writeString(bucket.resolve("some folder/file " + i), "");
      paths.add(path("file " + i));
    }

    paths.add(path("not there"));

    storage.delete(paths);

    assertThat(bucket.resolve("some folder")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aBusyServiceIsAskedAgain(int status) throws Exception {
    store.faults.addAll(List.of(status, status));

    write(path("file"), "text");
    store.faults.addAll(List.of(status, status));

    assertThat(storage.read(path("file"))).isEqualTo("text".getBytes(UTF_8));
    assertThat(store.faults).isEmpty();
  }

  @Test
  void aRenameWhoseAnswerIsLostIsDone() throws Exception {
    write(path("from"), "new");
    write(path("to"), "old");
    store.lostAnswers.add(503);

    storage.rename(path("from"), path("to"));

    assertThat(storage.read(path("to"))).isEqualTo("new".getBytes(UTF_8));
    assertThat(storage.status(path("from"))).isEmpty();
  }

  @Test
  void aSmallFileIsOneRequestThatSaysWhatItReplaces() throws Exception {
    write(path("manifest.json"), "old");
    store.calls.clear();

    storage.publish(directory(), path("manifest.json"), "{}".getBytes(UTF_8));

    assertThat(store.calls)
        .containsExactly(
            "GET /storage/v1/b/bucket/o/some folder/manifest.json",
            "POST /upload/storage/v1/b/bucket/o");
  }

  @Test
  void aSmallFileWhoseAnswerIsLostIsThere() throws Exception {
    store.lostAnswers.add(503);

    storage.publish(directory(), path("manifest.json"), "{}".getBytes(UTF_8));

    assertThat(storage.read(path("manifest.json"))).isEqualTo("{}".getBytes(UTF_8));
  }

  @Test
  void aRenameDoesNotReplaceWhatAnotherRunHasJustWritten() throws Exception {
    write(path("from"), "mine");
    store.beforeRewrite = () -> Files.writeString(bucket.resolve("some folder/to"), "another's");

    assertThatThrownBy(() -> storage.rename(path("from"), path("to")))
        .isInstanceOf(ServiceException.class)
        .hasMessage("Cannot write %s: another run has written it meanwhile; run again", path("to"));
    assertThat(storage.read(path("to"))).isEqualTo("another's".getBytes(UTF_8));
    assertThat(storage.read(path("from"))).isEqualTo("mine".getBytes(UTF_8));
  }

  @Test
  void missingPermissionsAreNamedWithTheRole() {
    store.faults.add(403);
    assertThatThrownBy(() -> storage.list(directory()))
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            "Cannot read %s: no permission (HTTP 403, the bucket is not in the mood); the account needs"
                + " roles/storage.objectViewer on the bucket to read, roles/storage.objectUser to write",
            directory());

    store.faults.add(403);
    assertThatThrownBy(() -> storage.checkWritable(directory()))
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            "Cannot write to %s: no permission (HTTP 403, the bucket is not in the mood); the account needs"
                + " roles/storage.objectViewer on the bucket to read, roles/storage.objectUser to write",
            directory());
  }

  @Test
  void credentialsThatAreRefusedAreNamedWithTheRemedy() {
    store.faults.add(401);

    assertThatThrownBy(() -> storage.read(path("file")))
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith("Cannot read %s: the credentials are not accepted", path("file"))
        .hasMessageEndingWith(
            "run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS");
  }

  @Test
  void aBucketThatDoesNotExistIsNamed() {
    String folder = "gs://nobody-has-it/folder";

    assertThatThrownBy(() -> storage.list(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read %s: there is no bucket nobody-has-it", folder);
    assertThatThrownBy(() -> storage.checkWritable(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot write to %s: there is no bucket nobody-has-it", folder);
    assertThatThrownBy(() -> storage.bucketLocation(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot find the location of the bucket of %s: there is no bucket nobody-has-it",
            folder);
  }

  @Test
  void theLocationOfABucketIsTold() throws Exception {
    assertThat(storage.bucketLocation("gs://bucket/folder")).isEqualTo("EU");
    assertThat(storage.bucketLocation("gs://bucket")).isEqualTo("EU");
  }

  /** By the machine's, everything that runs have written is two days old, or of tomorrow. */
  @ParameterizedTest
  @ValueSource(ints = {-48, 48})
  void theClockOfTheBucketTellsWhoLives(int hoursAhead) throws Exception {
    store.setClock(Duration.ofHours(hoursAhead));
    TemporaryFiles living = TemporaryFiles.open(storage, directory());
    write(path("_temporary/of the living.parquet"), "half");

    try (TemporaryFiles other = TemporaryFiles.openToRead(storage, directory()).orElseThrow()) {
      assertThat(other.deletion()).isEmpty();
    }

    assertThat(storage.list(path("_temporary")).stream().map(FileStatus::name))
        .hasSize(2)
        .contains("of the living.parquet");
    living.close();

    try (TemporaryFiles last = TemporaryFiles.open(storage, directory());
        Closeable deletion = last.deletion().orElseThrow()) {
      assertThatThrownBy(() -> TemporaryFiles.openToRead(storage, directory()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("a merge with --deleteCheckpoints is deleting them");
    }
  }
}
