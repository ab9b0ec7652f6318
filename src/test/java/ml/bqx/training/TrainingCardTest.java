package ml.bqx.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.bqx.checkpoint.Build;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two merges of a pair publish at the same time: the card is of the file that stays. */
class TrainingCardTest {
  @TempDir Path output;

  private final Storage storage = Storage.local();
  private String file;

  @BeforeEach
  void name() {
    file = output.resolve("training_eurusd.parquet").toString();
  }

  @Test
  void theCardOfAFileThatAnotherMergeHasReplacedIsNotWritten() throws Exception {
    FileStatus first = publish("first file");
    FileStatus second = publish("another file");
    card("second").write(storage, file + ".2", file, second);

    card("first").write(storage, file + ".1", file, first);

    assertThat(TrainingCard.read(storage, file)).map(TrainingCard::method).contains("second");
    assertThat(output.toFile().list()).hasSize(2);
  }

  @Test
  void theCardOfTheFileThatStaysReplacesAnEarlierOne() throws Exception {
    FileStatus first = publish("first file");
    card("first").write(storage, file + ".1", file, first);
    FileStatus second = publish("another file");

    card("second").write(storage, file + ".2", file, second);

    assertThat(TrainingCard.read(storage, file)).map(TrainingCard::method).contains("second");
    assertThat(output.toFile().list()).hasSize(2);
  }

  private FileStatus publish(String content) throws IOException {
    String written = file + ".written";
    Files.write(Path.of(written), content.getBytes(UTF_8));
    FileStatus status = storage.existing(written);
    storage.publish(written, file);
    return status;
  }

  private static TrainingCard card(String method) {
    return new TrainingCard(
        TrainingCard.VERSION,
        Build.NAME_AND_VERSION,
        "eurusd",
        method,
        10,
        "00000000",
        1,
        1,
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00Z",
        "none",
        "00000000",
        null,
        null,
        List.of(),
        JoinCounts.NONE,
        Map.of(),
        List.of(),
        Map.of(),
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00Z",
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }
}
