package ml.bqx.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.PartName.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartNameTest {
  private static final Pair EURUSD = Pair.of("eurusd");
  private static final String UUID = "5f2c1a9e-0b1d-4c3e-8a77-0123456789ab";

  @ParameterizedTest
  @CsvSource({
    "agg_eurusd.parquet, agg, WHOLE, ''",
    "checkpoint_agg_bqx_eurusd.parquet, agg_bqx, WHOLE, ''",
    "checkpoint_.parquet, checkpoint_, WHOLE, ''",
    "a.b.parquet, a.b, WHOLE, ''",
    "agg2.parquet, agg2, WHOLE, ''",
    "eurusd.parquet, '', WHOLE, ''",
    "g.parquet, g, WHOLE, ''",
    "g.PARQUET, g, WHOLE, ''",
    "g.parq, g, WHOLE, ''",
    "g.pq, g, WHOLE, ''",
    "g.parquet.gzip, g, WHOLE, ''",
    "g.snappy.parquet, g, WHOLE, ''",
    "checkpoint_agg_eurusd-00001-of-00003.parquet, agg, SHARD, 00001",
    "a-00000-of-100000.parquet, a, SHARD, 00000",
    "g-00000-of-999999999.parquet, g, SHARD, 00000",
    "a-0-of-3.parquet, a-0-of, NUMBERED, 3",
    "agg_eurusd_000000000012.parquet, agg, EXPORT, 000000000012",
    "agg000000000000.parquet, agg, EXPORT, 000000000000",
    "000000000000.parquet, '', EXPORT, 000000000000",
    "agg_202401010000.parquet, agg, NUMBERED, 202401010000",
    "agg_eurusd_20240101.parquet, agg, NUMBERED, 20240101",
    "agg_20240101_eurusd.parquet, agg, NUMBERED, 20240101",
    "agg-2024-01-31.parquet, agg, NUMBERED, 2024-01-31",
    "lag_eurusd_45.parquet, lag, NUMBERED, 45",
    "part.0.parquet, part, NUMBERED, 0",
    "0.parquet, '', NUMBERED, 0"
  })
  void tableAndNumberAreReadFromTheName(String file, String table, Kind kind, String number) {
    PartName name = PartName.of(file, EURUSD);

    assertThat(name.table()).isEqualTo(table);
    assertThat(name.kind()).isEqualTo(kind);
    assertThat(name.number()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "part-00000-" + UUID + "-c000.snappy.parquet",
        "part-00000-" + UUID + ".c000.gz.parquet",
        "part-" + UUID + "-0.parquet",
        "part-" + UUID + ".parquet",
        "part-0d2b50e999b3415c9fb46f3dc1ef973d-0.parquet"
      })
  void namesOfSparkAndArrowAreNumbered(String file) {
    PartName name = PartName.of(file, EURUSD);

    assertThat(name.table()).isEqualTo("part");
    assertThat(name.kind()).isEqualTo(Kind.NUMBERED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"notes.txt", "agg.parquet.crc", ".parquet", "parquet", "agg.csv.gz", "a.parquets"})
  void otherEndingsAreNotParquet(String file) {
    assertThat(PartName.isParquet(file)).isFalse();
  }

  @Test
  void missingPartsAreNamedAsTheOthersAre() {
    assertThatThrownBy(
            () ->
                check(
                    "checkpoint_a-00000-of-00004.parquet",
                    "checkpoint_a-00002-of-00004.parquet",
                    "b/c_000000000002.parquet"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot merge dir: going by the numbers in the names of the others, files are missing (4): b/c_000000000000.parquet, b/c_000000000001.parquet, checkpoint_a-00001-of-00004.parquet, checkpoint_a-00003-of-00004.parquet");
    check("a.parquet", "b_5.parquet", "c_000000000000.parquet", "c_000000000001.parquet");
  }

  @Test
  void aNameThatAnnouncesABillionPartsIsToldAtOnce() {
    assertThatThrownBy(() -> check("g-00000-of-999999999.parquet"))
        .hasMessageStartingWith(
            "Cannot merge dir: going by the numbers in the names of the others, files are missing (999,999,998): g-00001-of-999999999.parquet, g-00002-of-999999999.parquet, ")
        .hasMessageEndingWith(", g-00010-of-999999999.parquet and 999,999,988 more");
  }

  @Test
  void aNumberBeyondTheLastIsRefused() {
    assertThatThrownBy(() -> check("g-00000-of-00001.parquet", "g-00003-of-00001.parquet"))
        .hasMessage(
            "Cannot merge dir: g-00003-of-00001.parquet has a number that its own name rules out; rename or remove it");
  }

  private static void check(String... files) {
    PartNumbers numbers = new PartNumbers();
    for (String file : List.of(files)) {
      numbers.add(file, PartName.of(file.substring(file.lastIndexOf('/') + 1), EURUSD));
    }

    numbers.check("dir");
  }
}
