package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.options.MergeMethod;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of Parquet files that other tools wrote: there is no manifest, names tell what is what. */
class ForeignSetTest extends ForeignFiles {
  @ParameterizedTest
  @ValueSource(strings = {"targets", "checkpoint_targets", "targets_eurusd"})
  void theTargetsMakeTheRowsWhateverTheirFileIsCalled(String name) throws Exception {
    write(name, "SELECT %s AS interval_time, i * 10 AS y %s".formatted(TIME, ROWS));
    write("agg_eurusd", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i * 10 AS y, i AS agg__x".formatted(TIME));
  }

  @Test
  void groupsAreNamedAfterTheirFilesWithoutPrefixAndPair() throws Exception {
    writeTargets();
    write(
        "checkpoint_lag_eurusd_45", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));
    write("mkt_vol", "SELECT %s AS interval_time, i + 1 AS x %s".formatted(TIME, ROWS));
    write("eurusd_agg", "SELECT %s AS interval_time, i + 2 AS x %s".formatted(TIME, ROWS));
    write("cov_eurusdx_gbpusd", "SELECT %s AS interval_time, i + 3 AS x %s".formatted(TIME, ROWS));

    assertAllMerge(
        """
        SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i + 2 AS agg__x,
          i + 3 AS cov_eurusdx_gbpusd__x, i AS lag_45__x, i + 1 AS mkt_vol__x\
        """
            .formatted(TIME));
  }

  @Test
  void columnsGetTheirPrefixUnlessTheyHaveItAndPairIsLeftOut() throws Exception {
    write(
        "targets",
        "SELECT i AS y, 'eurusd' AS pair, %s AS interval_time, i AS z %s".formatted(TIME, ROWS));
    write(
        "agg_eurusd",
        """
        SELECT i AS "agg__a", 'eurusd' AS pair, i + 1 AS b, %s AS interval_time,
          i + 2 AS "agg_c", i + 3 AS "other__d" %s\
        """
            .formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMerge(
            """
            SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS z, i AS agg__a, i + 1 AS agg__b,
              i + 2 AS agg__agg_c, i + 3 AS agg__other__d\
            """
                .formatted(TIME));

    assertThat(outcome.summary("left out"))
        .isEqualTo("2 columns named pair (agg.pair, targets.pair)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_NS",
        "TIMESTAMPTZ_NS"
      })
  void timestampsMayHaveAnyUnitAndZoneOrNone(String type) throws Exception {
    writeTargets();
    write(
        "agg_eurusd",
        "SELECT %s::%s AS interval_time, i AS x %s ORDER BY i DESC".formatted(TIME, type, ROWS));

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS agg__x".formatted(TIME),
        "--timeZone=UTC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIMESTAMPTZ", "TIMESTAMP_MS", "TIMESTAMP_NS"})
  void theTargetsTooMayHaveAnyUnit(String type) throws Exception {
    write("targets", "SELECT %s::%s AS interval_time, i AS y %s".formatted(TIME, type, ROWS));
    write("agg", "SELECT %s::%s AS interval_time, i AS x %s".formatted(TIME, type, ROWS));

    assertAllMerge("SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS agg__x".formatted(TIME));
  }

  @Test
  void shardsAreOneGroup() throws Exception {
    for (int shard = 0; shard < 3; shard++) {
      String end = "-%05d-of-00003".formatted(shard);
      String part = "%s WHERE i %% 3 = %d".formatted(ROWS, shard);
      write("targets" + end, "SELECT %s AS interval_time, i AS y %s".formatted(TIME, part));
      write(
          "checkpoint_agg_eurusd" + end,
          // The order of columns may differ from file to file, the first one's counts.
          shard == 1
              ? "SELECT i AS b, i + 1 AS a, %s AS interval_time %s".formatted(TIME, part)
              : "SELECT %s AS interval_time, i + 1 AS a, i AS b %s".formatted(TIME, part));
    }

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i + 1 AS agg__a, i AS agg__b"
            .formatted(TIME));
  }

  @Test
  void hiddenFilesOtherFilesAndDirectoriesAreNoCheckpoints() throws Exception {
    writeTargets();
    write("_metadata", "SELECT 1 AS x");
    write(".part", "SELECT 1 AS x");
    Files.writeString(place.directory().resolve("notes.txt"), "none of it");
    Files.writeString(place.directory().resolve("agg.parquet.crc"), "none of it");
    Files.createDirectories(place.directory().resolve("sub.parquet"));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMerge(
            "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS agg__x".formatted(TIME));

    assertThat(outcome.summary("left out"))
        .isEqualTo("2 files that are not Parquet (agg.parquet.crc, notes.txt), 2 hidden files");
  }

  @Test
  void aFileWithNothingButAKeyAddsNothing() throws Exception {
    writeTargets();
    write("agg_eurusd", "SELECT %s AS interval_time %s ORDER BY i DESC".formatted(TIME, ROWS));
    write("mkt", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMerge(
            "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS mkt__x".formatted(TIME));

    assertThat(outcome.summary("left out"))
        .isEqualTo("1 file without columns besides the key (agg)");
  }

  @Test
  void namesMayHaveCharactersThatMeanSomethingToOthers() throws Exception {
    writeTargets();
    write(
        "mkt_[a]*?",
        """
        SELECT %s AS interval_time, i AS "place", i + 1 AS "c1", i + 2 AS "t""2", i + 3 AS "file_row_number" %s\
        """
            .formatted(TIME, ROWS));

    Outcome outcome =
        assertAllMerge(
            """
            SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS mkt__a_____place,
              i + 1 AS mkt__a_____c1, i + 2 AS mkt__a_____t_2,
              i + 3 AS mkt__a_____file_row_number\
            """
                .formatted(TIME),
            "--renameColumns");

    assertThat(outcome.summary("renamed"))
        .isEqualTo(
            "2 (mkt_[a]*?.parquet: group 'mkt_[a]*?' is mkt__a___, %s: column 't\"2' is mkt__a_____t_2)"
                .formatted(file("mkt_[a]*?")));
  }

  @Test
  void columnsThatForbidNullsBecomeColumnsThatAllowThem() throws Exception {
    writeTargets();
    for (WriterVersion version : WriterVersion.values()) {
      Path file = place.directory().resolve("agg_%s.parquet".formatted(version));
      writeRequiredColumns(file, version);
    }

    // Only three of the five rows are there.
    assertAllMerge(
        """
        SELECT %s::TIMESTAMPTZ AS interval_time, i AS y%s%s\
        """
            .formatted(TIME, requiredColumns("PARQUET_1_0"), requiredColumns("PARQUET_2_0")),
        "--timeZone=UTC");
  }

  private static String requiredColumns(String version) {
    return """
        , CASE WHEN i < 3 THEN i / 2 END AS agg_%1$s__number,
          CASE WHEN i < 3 THEN 'row ' || i END AS agg_%1$s__words,
          CASE WHEN i < 3 THEN i > 0 END AS agg_%1$s__flag,
          CASE WHEN i < 3 THEN i * 1000000000000 END AS agg_%1$s__count,
          CASE WHEN i < 3 THEN i::INTEGER END AS agg_%1$s__small\
        """
        .formatted(version);
  }

  private static void writeRequiredColumns(Path file, WriterVersion version) throws Exception {
    Schema time =
        org.apache.avro.LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    Schema schema =
        SchemaBuilder.record("row")
            .fields()
            .name("interval_time")
            .type(time)
            .noDefault()
            .requiredDouble("number")
            .requiredString("words")
            .requiredBoolean("flag")
            .requiredLong("count")
            .requiredInt("small")
            .endRecord();
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .withWriterVersion(version)
            .build()) {
      for (int i = 0; i < 3; i++) {
        writer.write(
            new GenericRecordBuilder(schema)
                .set("interval_time", 1_704_067_200_000L + i * 60_000L)
                .set("number", i / 2.0)
                .set("words", "row " + i)
                .set("flag", i > 0)
                .set("count", i * 1_000_000_000_000L)
                .set("small", i)
                .build());
      }
    }
  }

  @Test
  void theFooterNamesTheFilesAndNoManifest() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS mkt_vol__x".formatted(TIME));

    String value = "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = '%s'";
    assertThat(duck.texts(value.formatted(place.trainingFile(), "bqx.manifest")))
        .containsExactly("none");
    assertThat(duck.texts(value.formatted(place.trainingFile(), "bqx.lineage")))
        .containsExactly(
            "{\"targets\":\"%s\",\"mkt_vol\":\"%s\"}".formatted(file("targets"), file("mkt_vol")));
  }

  @Test
  void rowsThatAreLeftOutAreCounted() throws Exception {
    writeTargets();
    write(
        "mkt_vol",
        """
        SELECT CASE WHEN i <> 7 THEN %s END AS interval_time, i AS x
        FROM range(3, 9) r(i), range(2)\
        """
            .formatted(TIME));

    for (MergeMethod method : MergeMethods.ofAnySet()) {
      Outcome outcome = place.merge("--onDuplicate=first", "--mergeMethod=" + method);

      assertDone(outcome);
      assertThat(outcome.summary("rows filled with nulls")).isEqualTo("3");
      assertThat(outcome.summary("rows dropped"))
          .isEqualTo("6 not in the spine, 2 without timestamp, 2 duplicates, 0 incomplete targets");
      assertThat(Files.readString(place.output().resolve("training_eurusd.json")))
          .contains("\"missing\" : 3,")
          .contains("\"outside\" : 6,")
          .contains("\"withoutTimestamp\" : 2,")
          .contains("\"duplicates\" : 2,")
          .contains("\"incomplete\" : 0,");
    }
  }
}
