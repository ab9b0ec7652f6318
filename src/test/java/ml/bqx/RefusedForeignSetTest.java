package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import ml.bqx.options.MergeMethod;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sets of other tools that do not make a training file: the error names the file and what is wrong.
 */
class RefusedForeignSetTest extends ForeignFiles {
  @Test
  void aDirectoryWithoutTargetsIsRefused() throws Exception {
    write("agg_eurusd", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: it must have exactly one targets.parquet, which determines the rows of the training file (found none)"
            .formatted(place.directory()));
  }

  @Test
  void twoFilesOfTargetsAreRefused() throws Exception {
    writeTargets();
    write("targets_eurusd", "SELECT %s AS interval_time, i AS y2 %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: it must have exactly one targets.parquet, which determines the rows of the training file (found %s, %s)"
            .formatted(place.directory(), file("targets"), file("targets_eurusd")));
  }

  @Test
  void aDirectoryWithoutFilesIsRefused() throws Exception {
    assertRefused(
        "Cannot merge %s: there are no Parquet files in it (or no such directory); run the extraction first, or check --checkpoints and --pair"
            .formatted(place.directory()));
  }

  @Test
  void aFileWithoutKeyIsRefusedWithTheColumnsItHas() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS time, i AS x %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: it has no column interval_time (it has time, x); rename the column that holds the time when writing the file"
            .formatted(file("mkt_vol")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VARCHAR | BYTE_ARRAY UTF8",
        "DATE | INT32 DATE",
        "TIME | INT64 TIME_MICROS",
      })
  void aKeyThatIsNoTimestampIsRefused(String type, String told) throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s::%s AS interval_time, i AS x %s".formatted(TIME, type, ROWS));

    assertRefused(
        "Cannot merge %s: interval_time is %s, it must be an INT64 TIMESTAMP; convert it when writing the file"
            .formatted(file("mkt_vol"), told));
  }

  @Test
  void aKeyOfPlainNumbersIsRefused() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT epoch_us(%s) AS interval_time, i AS x %s".formatted(TIME, ROWS));

    assertThat(refused(MergeMethod.STREAM))
        .startsWith("error: Cannot merge %s: interval_time is INT64".formatted(file("mkt_vol")))
        .endsWith("it must be an INT64 TIMESTAMP; convert it when writing the file");
  }

  @Test
  void nanosecondsThatAreNoMicrosecondsAreRefused() throws Exception {
    writeTargets();
    write(
        "mkt_vol",
        "SELECT make_timestamp_ns(i * 60000000000 + i // 3) AS interval_time, i AS x " + ROWS);

    assertRefused(
        "Cannot read %s: interval_time in row 3 is not a whole number of microseconds (180000000001 ns); round the key when writing the file"
            .formatted(file("mkt_vol")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AGG", "agg_eurusd", "checkpoint_agg", "agg-00000-of-00001"})
  void twoCheckpointsOfOneGroupAreRefusedAndBothNamed(String other) throws Exception {
    writeTargets();
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));
    write(other, "SELECT %s AS interval_time, i AS z %s".formatted(TIME, ROWS));

    String error = refused(MergeMethod.STREAM);

    assertThat(error)
        .startsWith("error: Cannot merge %s: two files hold group ".formatted(place.directory()))
        .contains(file("agg").toString(), file(other).toString())
        .endsWith("; rename or remove one");
  }

  @Test
  void aMissingShardIsRefused() throws Exception {
    writeTargets();
    for (int shard : List.of(0, 2)) {
      write(
          "agg-%05d-of-00004".formatted(shard),
          "SELECT %s AS interval_time, i AS x %s WHERE i %% 4 = %d".formatted(TIME, ROWS, shard));
    }

    assertRefused(
        "Cannot merge %s: going by the numbers in the names of the others, files are missing (2): agg-00001-of-00004.parquet, agg-00003-of-00004.parquet"
            .formatted(place.directory()));
  }

  @Test
  void aColumnWithAndWithoutPrefixIsRefused() throws Exception {
    writeTargets();
    write("agg", "SELECT %s AS interval_time, i AS x, i AS agg__x %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge: two columns would be named agg__x: %1$s, column x and %1$s, column agg__x; rename one"
            .formatted(file("agg")));
  }

  @Test
  void typesThatDifferBetweenShardsAreRefused() throws Exception {
    writeTargets();
    write(
        "agg-00000-of-00002",
        "SELECT %s AS interval_time, i::DOUBLE AS x %s WHERE i < 2".formatted(TIME, ROWS));
    write(
        "agg-00001-of-00002",
        "SELECT %s AS interval_time, i::DECIMAL(9,2) AS x %s WHERE i >= 2".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: column x is INT32 DECIMAL(9, 2), in %s it is DOUBLE; write it in one type in all parts"
            .formatted(file("agg-00001-of-00002"), file("agg-00000-of-00002")));
  }

  @Test
  void columnsThatDifferBetweenShardsAreRefused() throws Exception {
    writeTargets();
    write("a-00000-of-00002", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));
    write("a-00001-of-00002", "SELECT %s AS interval_time, i AS y %s".formatted(TIME, ROWS));

    assertRefusedNaming(
        file("a-00000-of-00002"), file("a-00001-of-00002"), "column y is missing, which");

    write(
        "a-00001-of-00002", "SELECT %s AS interval_time, i AS x, i AS y %s".formatted(TIME, ROWS));

    assertRefusedNaming(file("a-00000-of-00002"), file("a-00001-of-00002"), "column y");
  }

  @Test
  void nestedColumnsAreRefused() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS interval_time, [i, i] AS pairs %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: column pairs is nested LIST, and only flat columns can be read; leave out such columns with --onUnsupportedType=skip"
            .formatted(file("mkt_vol")));

    write("mkt_vol", "SELECT %s AS interval_time, {'a': i} AS pairs %s".formatted(TIME, ROWS));

    assertRefused(
        "Cannot merge %s: column pairs is nested, and only flat columns can be read; leave out such columns with --onUnsupportedType=skip"
            .formatted(file("mkt_vol")));
  }

  @Test
  void keysTooFarFromNowAreRefusedWithTheirRow() throws Exception {
    writeTargets();
    Schema time = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    Schema schema =
        SchemaBuilder.record("row")
            .fields()
            .name("interval_time")
            .type(time)
            .noDefault()
            .requiredLong("x")
            .endRecord();
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file("mkt_vol")))
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .build()) {
      for (long millis : new long[] {0, 1L << 62}) {
        writer.write(
            new GenericRecordBuilder(schema).set("interval_time", millis).set("x", 1L).build());
      }
    }

    assertThat(refusedByAll("--timeZone=UTC"))
        .isEqualTo(
            "error: Cannot read %s: interval_time in row 1 is 4611686018427387904 ms since 1970, too far for 64 bits of microseconds; correct the row or leave it out when writing the file"
                .formatted(file("mkt_vol")));
  }

  @Test
  void aFileThatIsNoParquetIsRefused() throws Exception {
    writeTargets();
    Files.writeString(file("mkt_vol"), "interval_time,x\n".repeat(100));

    assertRefused(
        "Cannot read %s: it does not end in PAR1 (truncated, or not a Parquet file at all)"
            .formatted(file("mkt_vol")));
  }

  @Test
  void aFileThatIsCompressedAsAWholeIsRefused() throws Exception {
    writeSmallSet();
    byte[] plain = Files.readAllBytes(file("agg"));
    Files.delete(file("agg"));
    Path zipped = place.directory().resolve("agg.parquet.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(plain);
    }

    assertRefused(
        "Cannot read %s: it is compressed as a whole; decompress it with gunzip".formatted(zipped));
  }

  @Test
  void repeatedTimestampsAreRefusedWithTheirNumberAndTheOption() throws Exception {
    writeTargets();
    write(
        "mkt_vol",
        "SELECT %s AS interval_time, i AS x FROM range(5) r(i), range(3) s(k) WHERE k <= i %% 3"
            .formatted(TIME));

    for (MergeMethod method : MergeMethods.ofAnySet()) {
      assertThat(refused(method))
          .isEqualTo(
              "error: Cannot merge %s: 4 rows repeat the timestamp of another row, the first at 2024-01-01T00:01:00Z; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last"
                  .formatted(file("mkt_vol")));
    }
  }

  private String refused(MergeMethod method) {
    Outcome outcome = place.merge("--mergeMethod=" + method);

    assertThat(outcome.code()).isEqualTo(1);
    place.assertNothingMerged();

    return outcome.error();
  }

  private void assertRefused(String message) {
    assertThat(refused(MergeMethod.STREAM)).isEqualTo("error: " + message);
    assertThat(refused(MergeMethod.BEAM)).isEqualTo("error: " + message);
  }

  private void assertRefusedNaming(Object... things) {
    String error = refused(MergeMethod.STREAM);

    assertThat(error).startsWith("error: Cannot merge");
    for (Object thing : things) {
      assertThat(error).contains(thing.toString());
    }
  }
}
