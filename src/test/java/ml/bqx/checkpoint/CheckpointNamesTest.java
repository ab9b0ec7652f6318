package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointNamesTest {
  @ParameterizedTest
  @CsvSource({
    "checkpoint_agg_eurusd.parquet, agg_eurusd",
    "checkpoint_agg-00001-of-00003.parquet, agg",
    "agg_eurusd.parquet, agg_eurusd",
    "a-00000-of-100000.parquet, a",
    "checkpoint_.parquet, checkpoint_",
    "a-0-of-3.parquet, a-0-of-3",
    "a.b.parquet, a.b"
  })
  void tableIsReadFromTheFileName(String file, String table) {
    assertThat(CheckpointNames.table(file)).contains(table);
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
  }
}
