package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names, keys and columns in files of other tools: right in every method, or refused. */
class ForeignColumnsTest extends ForeignFiles {
  @BeforeEach
  void writeUsualTargets() throws Exception {
    writeTargets();
  }

  /** Writes a file of five minutes whose columns all hold the minute, as numbers or timestamps. */
  private void writeColumns(String name, String... columns) throws Exception {
    List<ColumnSchema> schema = new ArrayList<>();
    for (String column : columns) {
      schema.add(
          column.equalsIgnoreCase("interval_time")
              ? ColumnSchema.timestampMicros(column)
              : ColumnSchema.int64(column));
    }

    long[] minutes = {0, 60_000_000, 120_000_000, 180_000_000, 240_000_000};
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
    try (ParquetAssembler file =
        new ParquetAssembler(Storage.local().create(file(name).toString()), schema)) {
      file.addRowGroup(minutes.length);
      for (int i = 0; i < schema.size(); i++) {
        file.append(0, i, encoder.encode(schema.get(i), new Longs(minutes, null)));
      }

      file.finish(Map.of());
    }
  }

  @Test
  void theCaseOfKeyAndPairDoesNotCount() throws Exception {
    write("targets", "SELECT %s AS INTERVAL_TIME, i AS y %s".formatted(TIME, ROWS));
    write("agg", "SELECT i AS x, %s AS Interval_Time, 'eurusd' AS Pair %s".formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMerge(
            "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS agg__x".formatted(TIME));

    assertThat(outcome.summary("left out")).isEqualTo("1 column named pair (agg.Pair)");
  }

  @Test
  void twoColumnsNamedPairAreBothLeftOut() throws Exception {
    writeColumns("targets", "interval_time", "y");
    writeColumns("agg", "Pair", "interval_time", "pair", "x");

    Outcome outcome =
        assertAllMakeRows(
            """
            SELECT make_timestamp(i * 60000000)::TIMESTAMPTZ AS interval_time, i * 60000000 AS y,
              i * 60000000 AS agg__x FROM range(5) r(i)\
            """);

    assertThat(outcome.summary("left out")).isEqualTo("2 columns named pair (agg.Pair, agg.pair)");
  }

  @Test
  void twoKeysAreRefused() throws Exception {
    writeColumns("agg", "interval_time", "Interval_Time", "x");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: it has 2 key columns (interval_time, Interval_Time; their case does not count); rename or drop all but one when writing the file"
                .formatted(file("agg")));

    writeColumns("agg", "interval_time", "interval_time", "x");

    assertThat(refusedByAll()).contains(": it has 2 key columns (interval_time, interval_time; ");
  }

  @Test
  void theSameNameTwiceIsRefused() throws Exception {
    writeColumns("agg", "interval_time", "x", "x");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: it has two columns named x; rename or drop one when writing the file"
                .formatted(file("agg")));
  }

  @Test
  void namesThatDifferOnlyInCaseAreRefused() throws Exception {
    writeColumns("targets", "interval_time", "y");
    writeColumns("agg", "interval_time", "x", "X");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge: two columns would be named agg__X: %1$s, column x and %1$s, column X; rename one"
                .formatted(file("agg")));
  }

  @Test
  void namesThatTrainersRefuseAreRefusedOrRepaired() throws Exception {
    writeColumns("targets", "interval_time", "y<5>");
    writeColumns("agg", "interval_time", "x[0]", "it's", "", "0");
    Files.move(file("agg"), file("agg-bqx"));

    assertThat(refusedByAll())
        .isEqualTo(
            """
            error: Cannot merge %s: these names are not letters, digits and underscores; change them, or let --renameColumns put an underscore in place of every other character
                   agg-bqx.parquet: group 'agg-bqx'
                   %s: column 'y<5>'
                   %3$s: column 'x[0]'
                   %3$s: column 'it's'
                   %3$s: column ''\
            """
                .formatted(place.directory(), file("targets"), file("agg-bqx")));
    String number = "i * 60000000 AS ";
    Outcome outcome =
        assertAllMakeRows(
            """
            SELECT make_timestamp(i * 60000000)::TIMESTAMPTZ AS interval_time, %1$sy_5_,
              %1$sagg_bqx__x_0_, %1$sagg_bqx__it_s, %1$sagg_bqx___, %1$sagg_bqx__0
            FROM range(5) r(i)\
            """
                .formatted(number),
            "--renameColumns");
    assertThat(outcome.summary("renamed"))
        .isEqualTo(
            "5 (agg-bqx.parquet: group 'agg-bqx' is agg_bqx, %1$s: column 'y<5>' is y_5_, %2$s: column 'x[0]' is agg_bqx__x_0_, %2$s: column 'it's' is agg_bqx__it_s, %2$s: column '' is agg_bqx___)"
                .formatted(file("targets"), file("agg-bqx")));
  }

  @Test
  void aFileThatIsNamedAfterThePairOnlyHasNoGroup() throws Exception {
    write("eurusd", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertThat(refusedByAll()).endsWith("\n       eurusd.parquet: group ''");
  }

  @Test
  void columnsThatOnlySomePartsHaveNeedAnOption() throws Exception {
    String part = "SELECT %s AS interval_time, %s %s WHERE i %% 2 = %d";
    write("agg-00000-of-00002", part.formatted(TIME, "i AS a, 'odd' AS b", ROWS, 1));
    write("agg-00001-of-00002", part.formatted(TIME, "i + 0.5::DOUBLE AS c, i AS a", ROWS, 0));

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: column c is missing, which %s has; --union fills it with nulls"
                .formatted(file("agg-00000-of-00002"), file("agg-00001-of-00002")));
    Outcome outcome =
        assertAllMerge(
            """
            SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS agg__a,
              CASE WHEN i %% 2 = 1 THEN 'odd' END AS agg__b,
              CASE WHEN i %% 2 = 0 THEN i + 0.5::DOUBLE END AS agg__c\
            """
                .formatted(TIME),
            "--union");
    assertThat(outcome.summary("filled by --union")).isEqualTo("2 (agg.c, agg.b)");
    assertThat(Files.readString(place.output().resolve("training_eurusd.json")))
        .contains("\"filled\" : [ \"agg.c\", \"agg.b\" ]");
  }

  @Test
  void targetsThatOnlySomePartsHaveMakeNoRowsWhereTheyAreMissing() throws Exception {
    Files.delete(file("targets"));
    String part = "SELECT %s AS interval_time, i AS y%s %s WHERE i %s 2";
    write("targets-00000-of-00002", part.formatted(TIME, "", ROWS, "<"));
    write("targets-00001-of-00002", part.formatted(TIME, ", i AS z", ROWS, ">="));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMakeRows(
            "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS z, i AS agg__x %s WHERE i >= 2"
                .formatted(TIME, ROWS),
            "--union");

    assertThat(outcome.summary("rows dropped"))
        .isEqualTo("2 not in the spine, 0 without timestamp, 0 duplicates, 2 incomplete targets");
  }

  @Test
  void aTargetThatIsAlwaysNullIsNamed() throws Exception {
    write(
        "targets",
        "SELECT %s AS interval_time, i AS y, NULL::DOUBLE AS z %s".formatted(TIME, ROWS));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: none of its 5 rows has a timestamp and all targets (null: z in all); drop such columns when writing the file, or wait for the rows"
                .formatted(file("targets")));
  }
}
