package ml.bqx.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ml.bqx.failure.InvalidInputException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairTest {
  @Test
  void thereAre28PairsSortedByName() {
    assertThat(Pair.ALL).hasSize(28).doesNotHaveDuplicates();
    assertThat(Pair.ALL.stream().map(Pair::name))
        .isSorted()
        .contains("eurusd", "gbpaud", "audnzd", "nzdusd", "usdcad", "usdjpy", "cadchf", "chfjpy")
        .doesNotContain("usdeur", "jpyusd", "eureur");
  }

  @Property
  void everyPairIsFoundByItsName(@ForAll("pairs") Pair pair) {
    assertThat(Pair.of(pair.name())).isEqualTo(pair);
    assertThat(Pair.isPair(pair.name())).isTrue();
    assertThat(pair).hasToString(pair.base() + pair.quote());
  }

  @Property
  void theReverseOfAPairLeadsToIt(@ForAll("pairs") Pair pair) {
    String reversed = pair.quote() + pair.base();

    assertThatThrownBy(() -> Pair.of(reversed))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot use pair %s: did you mean %s?", reversed, pair);
  }

  @ParameterizedTest
  @CsvSource({"EURUSD,eurusd", "EUR/USD,eurusd", "eur_usd,eurusd", "usdjpx,usdjpy", "gbpus,gbpusd"})
  void aMisspeltPairLeadsToTheNearest(String misspelt, String nearest) {
    assertThatThrownBy(() -> Pair.of(misspelt))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot use pair %s: did you mean %s?", misspelt, nearest);
  }

  @ParameterizedTest
  @CsvSource({"xxxxxx", "''", "btceth"})
  void anUnknownPairIsToldWhatAPairIs(String name) {
    assertThatThrownBy(() -> Pair.of(name))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot use pair %s: a pair is two of eur, gbp, aud, nzd, usd, cad, chf, jpy,"
                + " in that order",
            name);
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return Arbitraries.of(Pair.ALL);
  }
}
