package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.doubles.FakeBigQuery;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test of extractions from BigQuery a service of its own, with the shared sample. */
@ExtendWith(SampleSets.class)
abstract class BigQueryFixture {
  @TempDir Path root;

  FakeBigQuery bigQuery;
  Workplace place;
  SampleSets.Sets sets;

  @BeforeEach
  final void start(SampleSets.Sets shared) throws Exception {
    sets = shared;
    place = new Workplace(root, sets.warehouse());
    bigQuery = FakeBigQuery.over(sets.warehouse());
  }

  @AfterEach
  final void stop() throws Exception {
    bigQuery.close();
  }

  /**
   * Extracts in two waves unless told otherwise: each wave is a pipeline, of which eight take time.
   */
  final Outcome extract(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    if (options.stream().noneMatch(option -> option.startsWith("--wave"))) {
      options.add("--waves=2");
    }

    return BigQueryExtractionTest.extract(place, bigQuery, options.toArray(String[]::new));
  }

  /** Asserts that an extraction was refused without a trace, and goes on with its message. */
  final AbstractStringAssert<?> assertRefused(Outcome outcome) {
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).doesNotContain("\tat ");
    assertThat(place.manifest()).doesNotExist();
    return assertThat(outcome.error());
  }
}
