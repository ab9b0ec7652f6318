package ml.bqx.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.Arguments;
import ml.bqx.config.DateRange;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyConfigTest {
  @Test
  void everyOptionReachesTheConfig() {
    VerifyConfig config =
        from(
            "--pair=eurusd",
            "--warehouse=duckdb:w.duckdb",
            "--featuresDataset=f",
            "--analyticsDataset=a",
            "--startDate=2024-01-01",
            "--groups=agg_*",
            "--limit=3",
            "--output=out/");

    assertThat(config)
        .isEqualTo(
            new VerifyConfig(
                Pair.of("eurusd"),
                new EmbeddedFile("w.duckdb"),
                "f",
                "a",
                new DateRange(LocalDate.of(2024, 1, 1), null),
                "agg_*",
                3,
                "out"));
    assertThat(config.trainingFile()).isEqualTo("out/training_eurusd.parquet");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(() -> from("--output=gs://bucket/out", "--groups={", "--limit=-1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            """
            --pair is required .*
            --warehouse is required .*
            --groups=\\{: not a glob .*
            --limit=-1: cannot be negative
            --output=gs://bucket/out: not on this machine \\(expected a local path\\)""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"duckdb:", "w.duckdb", "postgres:x", "bigquery"})
  void onlyAnEmbeddedWarehouseWillDo(String warehouse) {
    assertThatThrownBy(() -> from("--pair=eurusd", "--output=out", "--warehouse=" + warehouse))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("--warehouse=%s: not a warehouse (expected duckdb:FILE)", warehouse);
  }

  private static VerifyConfig from(String... args) {
    return VerifyConfig.from(Arguments.parse(VerifyOptions.class, args));
  }
}
