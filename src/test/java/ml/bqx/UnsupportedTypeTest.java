package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import ml.bqx.catalog.Pair;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A column of an unsupported type ends the extraction, or is left out and counted. */
class UnsupportedTypeTest {
  @TempDir Path root;

  @Test
  void columnsAreLeftOutAndCountedWhenAskedFor() throws Exception {
    Path warehouse = root.resolve("w.duckdb");
    Samples.of(warehouse, Pair.of(Workplace.PAIR), 600)
        .withTables("agg_bqx_eurusd")
        .withDefects(SampleDefect.ODD_TYPE)
        .create();
    Workplace place = new Workplace(root, warehouse);
    try (FakeBigQuery bigQuery = FakeBigQuery.over(warehouse)) {
      assertThat(BigQueryExtractionTest.extract(place, bigQuery).error())
          .contains("Cannot use column bqx_ml_v3_features_v2.agg_bqx_eurusd.")
          .contains("unsupported feature type");

      Outcome outcome = BigQueryExtractionTest.extract(place, bigQuery, "--onUnsupportedType=skip");

      assertDone(outcome);
      assertThat(outcome.err())
          .contains(
              "1 column of an unsupported type (bqx_ml_v3_features_v2.agg_bqx_eurusd.weights)");
      assertThat(
              place.readManifest().get("skippedTables").get("columns of unsupported types").asInt())
          .isEqualTo(1);
    }

    // The same out of the embedded warehouse, and the training file holds the rest.
    assertDone(place.extract("--onUnsupportedType=skip"));
    assertDone(place.merge("--mergeMethod=stream"));
    assertDone(
        Outcome.of(
            VerifyTraining::run,
            "--pair=eurusd",
            "--warehouse=duckdb:" + warehouse,
            "--output=" + place.output()));
  }
}
