package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptsTest {
  private static final Storage STORAGE = Storage.local();

  @TempDir Path directory;

  private Attempts attempts;

  @BeforeEach
  void begin() throws IOException {
    attempts = Attempts.begin(STORAGE, directory.toString());
    Files.createDirectory(directory.resolve(Storage.TEMPORARY));
  }

  @Test
  void whatWorkersOfAWaveHaveNotCommittedIsDeleted() throws Exception {
    attempts.file("agg").write(new byte[1]);
    attempts.file("agg").write(new byte[2]);

    attempts.deleteLeftOvers();

    assertThat(directory.resolve(Storage.TEMPORARY)).isEmptyDirectory();
  }

  @Test
  void whatOthersAreAtStays() throws Exception {
    NewFile other = Attempts.begin(STORAGE, directory.toString()).file("agg");
    other.write(new byte[1]);
    NewFile committed = attempts.file("agg");
    committed.write(new byte[1]);
    committed.commit(directory.resolve("agg").toString());

    attempts.deleteLeftOvers();

    assertThat(Path.of(other.path())).exists();
    assertThat(directory.resolve("agg")).exists();
  }
}
