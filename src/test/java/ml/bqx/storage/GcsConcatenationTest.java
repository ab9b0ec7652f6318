package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import ml.bqx.config.CloudConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.FileMetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of compose calls, against a small object store over HTTP. */
class GcsConcatenationTest {
  private static final String TARGET = "out/training.parquet";
  private static final byte[] TAIL = "the new footer".getBytes(StandardCharsets.UTF_8);

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

  private void put(String name, byte[] bytes) throws IOException {
    MoreFiles.createParentDirectories(bucket.resolve(name));
    Files.write(bucket.resolve(name), bytes);
  }

  private byte[] put(String name) throws IOException {
    byte[] bytes = new byte[10 + name.length()];
    new Random(name.hashCode()).nextBytes(bytes);
    put(name, bytes);
    return bytes;
  }

  private ParquetFooter footer(String uri, long bytes) {
    return new ParquetFooter(
        uri, new FileMetaData(), List.of(), List.of(), bytes - 4, bytes, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 667, 1100})
  void putsAllObjectsAndTheTailOneBehindTheOther(int count) throws IOException {
    byte[] expected = new byte[0];
    try (Concatenation file = storage.concatenate("gs://bucket/" + TARGET)) {
      for (int i = 0; i < count; i++) {
        byte[] bytes = put("in/part " + i);
        assertThat(file.append(footer("gs://bucket/in/part " + i, bytes.length), null))
            .as("shift of object %d", i)
            .isEqualTo(expected.length);
        expected = Bytes.concat(expected, bytes);
      }

      file.finish(TAIL);
    }

    assertThat(Files.readAllBytes(bucket.resolve(TARGET))).isEqualTo(Bytes.concat(expected, TAIL));
    assertThat(store.composed).allMatch(sources -> sources <= 32);
    assertThat(objects()).as("no temporaries remain").hasSize(count + 1);
  }

  @Test
  void deletesTemporariesWhenComposingFails() throws IOException {
    store.refused = TARGET;
    byte[] bytes = put("in/part");
    try (Concatenation file = storage.concatenate("gs://bucket/" + TARGET)) {
      for (int i = 0; i < 100; i++) {
        file.append(footer("gs://bucket/in/part", bytes.length), null);
      }

      assertThatThrownBy(() -> file.finish(TAIL))
          .isInstanceOf(ServiceException.class)
          .hasMessage("Cannot write gs://bucket/%s: HTTP 400, refused", TARGET);
    }

    assertThat(objects()).containsExactly("in/part");
  }

  @Test
  void acceptsObjectsWithTheManifestsChecksums() throws IOException {
    byte[] bytes = put("in/part");
    try (Concatenation file = storage.concatenate("gs://bucket/" + TARGET)) {
      file.append(footer("gs://bucket/in/part", bytes.length), crc32c(bytes));
      file.finish(TAIL);
    }

    assertThat(Files.readAllBytes(bucket.resolve(TARGET))).isEqualTo(Bytes.concat(bytes, TAIL));
  }

  @Test
  void refusesAnObjectWithAnotherChecksum() throws IOException {
    String expected = crc32c(put("in/part"));
    byte[] changed = "something else".getBytes(StandardCharsets.UTF_8);
    put("in/part", changed);

    assertThatThrownBy(() -> compose("gs://bucket/in/part", expected))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Cannot compose: the checksum of gs://bucket/in/part is %s, it should be %s",
            crc32c(changed), expected);
    assertThat(objects()).containsExactly("in/part");
  }

  @Test
  void refusesAnObjectThatWasReplacedSinceItWasSeen() throws IOException {
    put("in/part");
    Storage pinned = storage.pinned(storage.list("gs://bucket/in"));
    put("in/part", "something else".getBytes(StandardCharsets.UTF_8));

    try (Concatenation file = pinned.concatenate("gs://bucket/" + TARGET)) {
      file.append(footer("gs://bucket/in/part", 100), null);
      assertThatThrownBy(() -> file.finish(TAIL))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Cannot compose: gs://bucket/in/part was replaced meanwhile; merge again");
    }

    assertThat(objects()).containsExactly("in/part");
  }

  @Test
  void refusesAnObjectThatIsGone() throws IOException {
    assertThatThrownBy(() -> compose("gs://bucket/in/gone", "00000000"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot compose: gs://bucket/in/gone is not there any more; run the extraction again");
  }

  private List<String> objects() throws IOException {
    try (Stream<Path> files = Files.walk(bucket)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> bucket.relativize(file).toString())
          .toList();
    }
  }

  private void compose(String path, String crc32c) throws IOException {
    try (Concatenation file = storage.concatenate("gs://bucket/" + TARGET)) {
      file.append(footer(path, 100), crc32c);
      file.finish(TAIL);
    }
  }

  private static String crc32c(byte[] bytes) {
    return "%08x".formatted(Hashing.crc32c().hashBytes(bytes).asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://other/in/part", "/local/part"})
  void refusesWhatLiesElsewhere(String path) throws IOException {
    try (Concatenation file = storage.concatenate("gs://bucket/" + TARGET)) {
      assertThatThrownBy(() -> file.append(footer(path, 100), null))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot compose: %s is not in bucket bucket as the output is; put both in one bucket,"
                  + " or merge with --mergeMethod=stream",
              path);
    }
  }
}
