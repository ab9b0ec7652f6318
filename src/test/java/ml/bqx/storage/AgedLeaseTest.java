package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AgedLeaseTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path directory;

  @Test
  void aRunHoldsItsLeaseUntilItCloses() throws Exception {
    Path file = directory.resolve("a.lease");
    try (AgedLease lease = AgedLease.take(Storage.local(), file.toString(), NEVER)) {
      assertThat(isHeld(file)).isTrue();
      assertThat(isHeld(directory.resolve("a.leas"))).isFalse();
      assertThat(isHeld(directory.resolve("b.lease"))).isFalse();
    }

    assertThat(isHeld(file)).isFalse();
    assertThat(file).doesNotExist();
  }

  @Test
  void aRunThatWasSilentForHoursIsDead() throws Exception {
    Path file = directory.resolve("a.lease");
    try (AgedLease lease = AgedLease.take(Storage.local(), file.toString(), NEVER)) {
      written(file, Duration.ofHours(5));
      assertThat(isHeld(file)).isTrue();

      written(file, Duration.ofHours(7));
      assertThat(isHeld(file)).isFalse();
    }
  }

  @Test
  void aLivingRunWritesAgainAndAgainAlsoWhenItCouldNotOnce() throws Exception {
    Path file = directory.resolve("a.lease");
    try (AgedLease lease = AgedLease.take(Storage.local(), file.toString(), Duration.ofMillis(5))) {
      for (int round = 0; round < 3; round++) {
        written(file, Duration.ofHours(7));
        awaitHeld(file);
      }

      // Nothing can be written where a directory is.
      Files.deleteIfExists(file);
      while (!Files.isDirectory(file)) {
        try {
          Files.createDirectory(file);
        } catch (java.nio.file.FileAlreadyExistsException e) {
          Files.deleteIfExists(file);
        }
      }

      Thread.sleep(50);
      Files.delete(file);
      awaitHeld(file);
    }
  }

  private static void awaitHeld(Path file) throws Exception {
    while (!isHeld(file)) {
      Thread.sleep(5);
    }
  }

  private static boolean isHeld(Path file) throws Exception {
    return AgedLease.isHeld(Storage.local(), file.toString(), Instant.now());
  }

  private static void written(Path file, Duration ago) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(ago)));
  }
}
