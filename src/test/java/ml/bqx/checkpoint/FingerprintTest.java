package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import ml.bqx.cli.Arguments;
import ml.bqx.config.ExtractConfig;
import ml.bqx.options.ExtractOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
  @Test
  void theFingerprintStaysTheSameFromReleaseToRelease() {
    assertThat(fingerprint("--layout=sharded")).isEqualTo("b01d96f0a615e780");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--featuresDataset=other",
        "--analyticsDataset=other",
        "--startDate=2024-01-01",
        "--endDate=2024-01-01",
        "--limit=1",
        "--rowGroupRows=8192",
        "--shardRows=16384",
        "--onDuplicate=first",
        "--compression=none",
      })
  void whatChangesACheckpointChangesTheFingerprint(String arg) {
    assertThat(fingerprint(arg)).isNotEqualTo(fingerprint());
  }

  @Test
  void theLayoutChangesTheFingerprint() {
    assertThat(fingerprint("--layout=aligned")).isNotEqualTo(fingerprint("--layout=sharded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--pair=gbpusd",
        "--warehouse=duckdb:copy.duckdb",
        "--checkpoints=elsewhere",
        "--groups=agg_*",
        "--minCheckpointBytes=1",
        "--force",
      })
  void whatDoesNotChangeACheckpointKeepsTheFingerprint(String arg) {
    assertThat(fingerprint(arg)).isEqualTo(fingerprint());
  }

  private static String fingerprint(String... args) {
    Map<String, String> values = new HashMap<>();
    Stream.concat(
            Stream.of("--pair=eurusd", "--warehouse=duckdb:w.duckdb", "--checkpoints=data"),
            Stream.of(args))
        .forEach(arg -> values.put(arg.split("=", 2)[0], arg));
    return Fingerprint.of(
        ExtractConfig.from(
                Arguments.parse(ExtractOptions.class, values.values().toArray(String[]::new)))
            .forColumns(6_485));
  }
}
