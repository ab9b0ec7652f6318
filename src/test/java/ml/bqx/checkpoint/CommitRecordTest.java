package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.catalog.Category;
import ml.bqx.config.CloudConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.failure.ServiceException;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs that commit a table's checkpoint to a bucket at the same moment. */
class CommitRecordTest {
  @TempDir Path bucket;

  private ObjectStore store;
  private CommitRecord record;

  @BeforeEach
  void start() throws IOException {
    store = new ObjectStore(bucket);
    record =
        CommitRecord.of(
            Storage.of(CloudConfig.of(store.endpoint(), List.of())), "gs://bucket/eurusd", "a");
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void bothHaveCommittedTheSameCheckpointWhenTheyDidSoAtOtherTimes() throws Exception {
    anotherWrites(entry("fingerprint"));

    record.write(entry("fingerprint"), Optional.of(Map.of("timing", "mine")));

    assertThat(record.observation(Map.class)).contains(Map.of("timing", "another's"));
  }

  @Test
  void aRecordOfAnotherCheckpointIsNotReplaced() {
    anotherWrites(entry("other fingerprint"));

    assertThatThrownBy(
            () -> record.write(entry("fingerprint"), Optional.of(Map.of("timing", "mine"))))
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            "Cannot write gs://bucket/eurusd/_commits/a.json: another run has written it meanwhile; run again");
    assertThat(bucket.resolve("eurusd/_commits/a.json"))
        .content()
        .contains("other fingerprint")
        .doesNotContain("mine");
  }

  /** Between a look at what is there and the write. */
  private void anotherWrites(CheckpointEntry entry) {
    CommitRecord other = CommitRecord.of(Storage.local(), bucket.resolve("eurusd").toString(), "a");
    store.trouble =
        call -> {
          if (call.startsWith("POST ")) {
            store.trouble = next -> ObjectStore.Trouble.NONE;
            try {
              other.write(entry, Optional.of(Map.of("timing", "another's")));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }

          return ObjectStore.Trouble.NONE;
        };
  }

  private static CheckpointEntry entry(String fingerprint) {
    return new CheckpointEntry(
        "a",
        Category.PAIR,
        "features",
        "a",
        null,
        fingerprint,
        List.of(),
        1,
        0,
        0,
        0,
        0,
        null,
        List.of());
  }
}
