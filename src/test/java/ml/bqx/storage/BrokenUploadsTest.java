package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.config.CloudConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.doubles.ObjectStore.Trouble;
import ml.bqx.failure.ServiceException;
import ml.bqx.parallel.ParallelCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** An upload goes on from where it was, whichever of its requests meets what. */
class BrokenUploadsTest {
  /** More than two parts of 16 MiB. */
  private static final byte[] BYTES = new byte[36_000_000];

  /** It begins, sends three parts, and looks at the object. */
  private static final int REQUESTS = 5;

  static {
    new Random(1).nextBytes(BYTES);
  }

  @TempDir Path directory;

  /** A request that meets trouble, and those after it that meet the same. */
  private record Accident(int first, int count) {
    private boolean includes(int request) {
      return request >= first && request < first + count;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      mode = Mode.EXCLUDE,
      names = {"NONE", "FORBIDDEN"})
  void aBrokenUploadGoesOn(Trouble trouble) throws Exception {
    List<Accident> accidents =
        List.of(
            new Accident(0, 1),
            new Accident(1, 1),
            new Accident(2, 1),
            new Accident(3, 2),
            new Accident(4, 1));
    // Most of the time they pause before they try again.
    ParallelCalls.of(4, accidents, accident -> upload(trouble, accident));
  }

  private boolean upload(Trouble trouble, Accident accident) throws Exception {
    Path bucket = directory.resolve(accident.toString());
    AtomicInteger requests = new AtomicInteger();
    try (ObjectStore store = new ObjectStore(bucket)) {
      store.trouble =
          call -> accident.includes(requests.getAndIncrement()) ? trouble : Trouble.NONE;
      write(store);
    }

    assertThat(Files.readAllBytes(bucket.resolve("file"))).as(accident.toString()).isEqualTo(BYTES);
    assertThat(requests).as(accident.toString()).hasValueGreaterThanOrEqualTo(REQUESTS);
    return true;
  }

  @Test
  void anUploadThatIsRefusedInTheMiddleTellsWhichObjectAndLeavesNone() throws Exception {
    for (int refused = 0; refused < REQUESTS - 1; refused++) {
      AtomicInteger requests = new AtomicInteger();
      int at = refused;
      try (ObjectStore store = new ObjectStore(directory)) {
        store.trouble = call -> requests.getAndIncrement() == at ? Trouble.FORBIDDEN : Trouble.NONE;

        assertThatThrownBy(() -> write(store))
            .as("request " + at)
            .isInstanceOf(ServiceException.class)
            .hasMessageStartingWith("Cannot write gs://bucket/file: no permission (HTTP 403");
      }

      assertThat(directory.resolve("file")).doesNotExist();
    }
  }

  private static void write(ObjectStore store) throws Exception {
    Storage storage = Storage.of(CloudConfig.of(store.endpoint(), List.of()));
    try (WritableByteChannel channel = storage.create("gs://bucket/file")) {
      ByteBuffer all = ByteBuffer.wrap(BYTES);
      while (all.hasRemaining()) {
        channel.write(all);
      }
    }
  }
}
