package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ml.bqx.config.BeamCloudConfig;
import ml.bqx.doubles.Emulators;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("emulators")
class StorageOnGcsTest extends StorageContract {
  private String directory;

  @BeforeAll
  static void useEmulator() {}

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
    return Storage.of(BeamCloudConfig.of(Emulators.options()));
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
}
