package ml.bqx;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test of launches a site of its own, and the shared checkpoints. */
@ExtendWith(SampleSets.class)
abstract class LaunchFixture {
  @TempDir Path directory;

  SampleSets.Sets sets;
  LaunchSite site;

  @BeforeEach
  final void openSite(SampleSets.Sets shared) throws Exception {
    sets = shared;
    site = new LaunchSite(directory);
  }

  @AfterEach
  final void closeSite() {
    site.close();
  }
}
