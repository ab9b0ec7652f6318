package ml.bqx.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Classification.Left;
import ml.bqx.catalog.Classification.Picked;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationTest {
  private static final Pair EURUSD = Pair.of("eurusd");

  @ParameterizedTest
  @CsvSource({
    "agg_bqx_eurusd,PAIR,agg_bqx",
    "cov_agg_eurusd_eurusd,PAIR,cov_agg",
    "cov_agg_audcad_eurusd,PAIR,cov_agg_audcad",
    "regime_eurusd_45,PAIR,regime_45",
    "eurusd_agg,PAIR,agg",
    "eurusd,PAIR,''",
    "tri_agg_bqx_eur_usd_jpy,TRIANGULATION,tri_agg_bqx_eur_usd_jpy",
    "tri_eurusd_jpy,TRIANGULATION,tri_jpy",
    "mkt_corr,MARKET,mkt_corr",
    "var_lag_bqx_aud,VARIANCE,var_lag_bqx_aud",
    "csi_agg_usd,CURRENCY_STRENGTH,csi_agg_usd",
  })
  void tablesOfThePairArePicked(String table, Category category, String group) {
    assertThat(classify(EURUSD, table)).isEqualTo(new Picked(category, group));
  }

  @ParameterizedTest
  @CsvSource({
    "tmp_agg_eurusd,TEMPORARY",
    "tmp_mkt_summary,TEMPORARY",
    "mkt_summary,SUMMARY",
    "agg_eurusd_summary,SUMMARY",
    "targets_eurusd,TARGETS",
    "agg_gbpusd,OTHER_PAIR",
    "cov_agg_gbpusd_usdjpy,OTHER_PAIR",
    "calendar,UNCLASSIFIED",
    "agg_usdeur,UNCLASSIFIED",
    "agg_eurusdx,UNCLASSIFIED",
    "AGG_EURUSD,UNCLASSIFIED",
    "marketing,UNCLASSIFIED",
  })
  void otherTablesAreLeftWithAReason(String table, Skipped.Reason reason) {
    assertThat(classify(EURUSD, table)).isEqualTo(new Left(reason));
  }

  @Property
  void thePairIsFoundAnywhereAndRemovedEverywhere(
      @ForAll("pairs") Pair pair, @ForAll("words") List<String> words, @ForAll int seed) {
    List<String> withPair = new ArrayList<>(words);
    for (int i = 0; i < 1 + Math.floorMod(seed, 3); i++) {
      withPair.add(Math.floorMod(seed + i * 7, withPair.size() + 1), pair.name());
    }

    assertThat(classify(pair, String.join("_", withPair)))
        .isEqualTo(new Picked(Category.PAIR, String.join("_", words)));
  }

  @Property
  void aTableOfOnePairIsOfAnotherPairToAllOthers(
      @ForAll("pairs") Pair pair,
      @ForAll("pairs") Pair other,
      @ForAll("words") List<String> words) {
    Classification seen = classify(other, String.join("_", words) + "_" + pair.name());

    assertThat(seen)
        .isEqualTo(
            pair.equals(other)
                ? new Picked(Category.PAIR, String.join("_", words))
                : new Left(Skipped.Reason.OTHER_PAIR));
  }

  @ParameterizedTest
  @CsvSource({
    "agg*,true",
    "agg_bqx,true",
    "agg_bqx_eurusd,true",
    "*_eurusd,true",
    "'{reg,agg}_*',true",
    "reg*,false",
    "gg*,false",
  })
  void theGlobLooksAtGroupAndTable(String glob, boolean picked) {
    assertThat(Classification.of(EURUSD, "agg_bqx_eurusd", GroupGlob.of(glob)))
        .isEqualTo(
            picked ? new Picked(Category.PAIR, "agg_bqx") : new Left(Skipped.Reason.NOT_MATCHED));
  }

  private static Classification classify(Pair pair, String table) {
    return Classification.of(pair, table, GroupGlob.of(Catalog.ALL_GROUPS));
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return Arbitraries.of(Pair.ALL);
  }

  /** Words of a name without a prefix or suffix that means something else. */
  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.of("agg", "bqx", "cov", "reg", "lag", "45", "idx", "eur", "w90")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
