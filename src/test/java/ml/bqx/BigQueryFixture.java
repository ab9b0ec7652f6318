package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

  @BeforeEach
  final void start(SampleSets.Sets sets) throws Exception {
    place = new Workplace(root, sets.warehouse());
    bigQuery = FakeBigQuery.over(sets.warehouse());
  }

  @AfterEach
  final void stop() throws Exception {
    bigQuery.close();
  }

  final Outcome extract(String... more) {
    return BigQueryExtractionTest.extract(place, bigQuery, more);
  }

  /** Asserts that an extraction was refused without a trace, and goes on with its message. */
  final AbstractStringAssert<?> assertRefused(Outcome outcome) {
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).doesNotContain("\tat ");
    assertThat(place.manifest()).doesNotExist();
    return assertThat(outcome.error());
  }
}
