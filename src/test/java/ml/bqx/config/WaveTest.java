package ml.bqx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaveTest {
  @Test
  void isWrittenAsItIsRead() {
    assertThat(Wave.parse("2/8")).isEqualTo(new Wave(2, 8)).hasToString("2/8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/8", "9/8", "1/0", "1/1001", "2", "2/", "a/b", "-1/8", "1/8/8", ""})
  void refusesWhatIsNoWave(String text) {
    assertThatThrownBy(() -> Wave.parse(text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("not a wave (expected for example 2/8, the number of waves from 1 to 1000)");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 24})
  void everyTableIsInOneWaveAndWavesAreAlike(int count) {
    List<String> tables =
        KnownLayout.SEED.of(Pair.of("eurusd")).stream().map(KnownLayout.Shape::table).toList();
    List<Long> sizes =
        IntStream.rangeClosed(1, count)
            .mapToObj(index -> new Wave(index, count))
            .map(wave -> tables.stream().filter(wave::contains).count())
            .toList();

    assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(666);
    assertThat(sizes).allMatch(size -> size > 666 / count / 2 && size <= 666 / count * 2);
  }

  /**
   * Waves of one extraction may be started by different versions of a catalog, and of this tool.
   */
  @Test
  void whereATableBelongsIsTheSameForAllTime() {
    assertThat(
            IntStream.rangeClosed(1, 8).filter(i -> new Wave(i, 8).contains("agg_eurusd")).boxed())
        .containsExactly(6);
  }
}
