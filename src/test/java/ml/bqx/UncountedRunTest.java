package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import ml.bqx.doubles.UncountedRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a run that is done does not depend on what its runner has counted. */
@ExtendWith(SampleSets.class)
class UncountedRunTest {
  private static final String RUNNER = "--runner=" + UncountedRunner.class.getName();
  private static final String SHARED = "--sharedDirectory";

  @TempDir Path directory;

  private Workplace place;

  @BeforeEach
  void begin(SampleSets.Sets sets) {
    place = new Workplace(directory, sets.warehouse());
  }

  @Test
  void anExtractionTellsOfAllCheckpoints() throws Exception {
    Outcome outcome = place.extract(RUNNER, SHARED);

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("16");
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("0");
    assertThat(outcome.err()).contains("extract: 16 of 16 checkpoints (100 %)");
  }

  @Test
  void anExtractionInWavesTellsOfAllCheckpoints() throws Exception {
    Outcome outcome = place.extract(RUNNER, SHARED, "--waves=3");

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("16");
  }

  @Test
  void aMergeTellsOfAllCheckpoints() throws Exception {
    assertDone(place.extract());

    Outcome outcome = place.merge(RUNNER, SHARED);

    assertDone(outcome);
    assertThat(outcome.err()).contains("merge: 16 of 16 checkpoints (100 %)");
  }
}
