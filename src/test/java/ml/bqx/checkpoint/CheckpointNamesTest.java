package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointNamesTest {
  @ParameterizedTest
  @CsvSource({
    "checkpoint_agg_eurusd.parquet, agg_eurusd, checkpoint_agg_eurusd.parquet",
    "checkpoint_agg-00001-of-00003.parquet, agg, checkpoint_agg-*-of-00003.parquet",
    "agg_eurusd.parquet, agg_eurusd, agg_eurusd.parquet",
    "targets-00000-of-00010.parquet, targets, targets-*-of-00010.parquet",
    "a-00000-of-100000.parquet, a, a-*-of-100000.parquet",
    "checkpoint_.parquet, checkpoint_, checkpoint_.parquet",
    "a-0-of-3.parquet, a-0-of-3, a-0-of-3.parquet",
    "a-00001.parquet, a-00001, a-00001.parquet",
    "a.b.parquet, a.b, a.b.parquet"
  })
  void tableAndShardsAreReadFromTheFileName(String file, String table, String common) {
    assertThat(CheckpointNames.table(file)).contains(table);
    assertThat(CheckpointNames.commonName(file)).isEqualTo(common);
  }

  @ParameterizedTest
  @CsvSource({"notes.txt", "agg.parquet.crc", ".parquet", "parquet", "agg.PARQUET"})
  void otherFilesAreNoCheckpoints(String file) {
    assertThat(CheckpointNames.table(file)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 2", "1, 2", "12, 13", "99999, 100000"})
  void ownNamesAreReadAsTheyWereWritten(int index, int count) {
    String name = CheckpointNames.file("lag_eurusd_45", index, count);

    assertThat(CheckpointNames.table(name)).contains("lag_eurusd_45");
    assertThat(CheckpointNames.isOf("lag_eurusd_45", name)).isTrue();
    assertThat(CheckpointNames.isOf("lag_eurusd", name)).isFalse();
    assertThat(CheckpointNames.missingShards(Set.of(name))).hasSize(count - 1);
  }

  @Test
  void onlyFilesWithOurPrefixAreOurs() {
    assertThat(CheckpointNames.isOf("agg", "agg.parquet")).isFalse();
    assertThat(CheckpointNames.isOf("agg", "checkpoint_agg.json")).isFalse();
  }

  @Test
  void missingShardsAreNamedAsTheOthersAre() {
    assertThat(
            CheckpointNames.missingShards(
                List.of(
                    "checkpoint_a-00000-of-00004.parquet", "checkpoint_a-00002-of-00004.parquet")))
        .containsExactly(
            "checkpoint_a-00001-of-00004.parquet", "checkpoint_a-00003-of-00004.parquet");
    assertThat(CheckpointNames.missingShards(List.of("a.parquet"))).isEmpty();
  }
}
