package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Files of pandas, whose index is no data unless it is the key. */
class PandasIndexTest extends ForeignFiles {
  private static final String MINUTES =
      "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(i) AS interval_time, i AS y";

  @Test
  void indexColumnsAreNoFeaturesAndCounted() throws Exception {
    write("targets", MINUTES + " FROM range(60) r(i)");
    copy("filtered", "agg_eurusd");
    copy("named", "mkt_vol");
    copy("range", "mkt_range");

    Outcome outcome =
        assertAllMakeRows(
            MINUTES
                + ", CASE WHEN i % 3 <> 0 THEN i END AS agg__x, i AS mkt_range__x, i AS mkt_vol__x FROM range(60) r(i)");

    assertThat(outcome.summary("left out"))
        .isEqualTo("2 pandas index columns (agg.__index_level_0__, mkt_vol.row)");
    assertThat(Files.readString(place.output().resolve("training_eurusd.json")))
        .contains(
            "\"leftOut\" : {\n    \"pandas index columns\" : [ \"agg.__index_level_0__\", \"mkt_vol.row\" ]\n  }");
  }

  @Test
  void indexColumnsAreNoTargetsAndCounted() throws Exception {
    copy("filtered", "targets");
    write("agg", MINUTES + " FROM range(60) r(i)");

    Outcome outcome =
        assertAllMakeRows(
            """
            SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(i) AS interval_time, i AS x,
              i AS agg__y FROM range(60) r(i) WHERE i % 3 <> 0\
            """);

    assertThat(outcome.summary("targets")).isEqualTo("1");
    assertThat(outcome.summary("left out"))
        .isEqualTo("1 pandas index column (targets.__index_level_0__)");
  }

  @Test
  void theKeyMayBeTheIndex() throws Exception {
    copy("key", "agg");
    write("targets", MINUTES + " FROM range(60) r(i)");

    Outcome outcome = assertAllMakeRows(MINUTES + ", i AS agg__x FROM range(60) r(i)");

    assertThat(outcome.summary("left out")).isEqualTo("nothing");
  }

  @Test
  void aColumnThatOnlyLooksLikeAnIndexIsAFeature() throws Exception {
    write("targets", MINUTES + " FROM range(5) r(i)");
    write("agg", MINUTES + ", i AS __index_level_0__ FROM range(5) r(i)");

    assertAllMakeRows(MINUTES + ", i AS agg__y, i AS agg____index_level_0__ FROM range(5) r(i)");
  }

  @Test
  void metadataThatIsNoJsonIsRefused() throws Exception {
    write("targets", MINUTES + " FROM range(5) r(i)");
    duck.run(
        "COPY (%s FROM range(5) r(i)) TO '%s' (FORMAT parquet, KV_METADATA {pandas: 'gone'})"
            .formatted(MINUTES, file("agg")));

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: its footer has metadata of pandas that is not JSON, so that nobody can tell which columns are its index; write the file again"
                .formatted(file("agg")));
  }

  /** Copies a file that pandas wrote; {@code make.py} beside it tells how. */
  private void copy(String from, String to) throws Exception {
    try (InputStream file =
        Objects.requireNonNull(getClass().getResourceAsStream("pandas/" + from + ".parquet"))) {
      Files.copy(file, file(to));
    }
  }
}
