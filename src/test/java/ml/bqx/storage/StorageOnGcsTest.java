package ml.bqx.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import ml.bqx.doubles.Emulators;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetInput;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("emulators")
class StorageOnGcsTest extends StorageContract {
  private String directory;

  @BeforeAll
  static void useEmulator() {
    FileSystems.setDefaultPipelineOptions(Emulators.options());
  }

  @BeforeEach
  void makeBucket() {
    directory = Emulators.newBucket() + "/some folder";
  }

  @Override
  String directory() {
    return directory;
  }

  @Override
  Storage storage() {
    return Storage.of(Emulators.options());
  }

  @Test
  void aBucketThatDoesNotExistCannotBeWrittenTo() {
    assertThatThrownBy(() -> storage().checkWritable("gs://nobody-has-it/folder"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot write to gs://nobody-has-it/folder: there is no bucket nobody-has-it");
  }

  @Test
  void aBucketThatDoesNotExistIsNotAnEmptyDirectory() {
    assertThatThrownBy(() -> storage().list("gs://nobody-has-it/folder"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read gs://nobody-has-it/folder: there is no bucket nobody-has-it");
  }

  /** What a Parquet file is read by. */
  @Test
  void rangesAreReadInAnyOrder() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("%07d ".formatted(i));
    }

    write(path("file"), text.toString());

    try (ParquetInput input = storage().openOnce(path("file"))) {
      assertThat(input.length()).isEqualTo(800_000);
      byte[] word = new byte[8];
      for (int at : new int[] {99_999, 0, 1, 50_000, 49_999, 99_999, 7}) {
        input.read(at * 8L, word, 8);
        assertThat(new String(word, UTF_8)).isEqualTo("%07d ".formatted(at));
      }

      assertThatThrownBy(() -> input.read(799_996, word, 8))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("it ends 4 bytes before it should");
    }
  }
}
