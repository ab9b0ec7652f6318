package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders, parts and endings as other tools make them: what belongs together, what is passed over.
 */
class ForeignLayoutTest extends ForeignFiles {
  private static final String UUID = "5f2c1a9e-0b1d-4c3e-8a77-0123456789ab";

  /** What every set here merges to when nothing is lost. */
  private static final String ALL =
      "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i * 2 AS agg__x".formatted(TIME);

  @BeforeEach
  void writeUsualTargets() throws Exception {
    writeTargets();
  }

  /** Writes a part that has every other minute. */
  private void writePart(String path, int part) throws Exception {
    writeFile(path, "i * 2 AS x", "WHERE i %% 2 = %d".formatted(part));
  }

  /** Writes a file anywhere below the directory; {@code path} is with its ending. */
  private void writeFile(String path, String columns, String condition) throws Exception {
    Path file = place.directory().resolve(path);
    Files.createDirectories(file.getParent());
    duck.run(
        "COPY (SELECT %s AS interval_time, %s %s %s) TO '%s' (FORMAT parquet)"
            .formatted(TIME, columns, ROWS, condition, file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agg.parquet", "agg_eurusd", "checkpoint_agg_eurusd.parquet"})
  void aFolderIsOneGroup(String folder) throws Exception {
    writePart("%s/part-00000-%s-c000.snappy.parquet".formatted(folder, UUID), 0);
    writePart("%s/part-00001-%s-c000.snappy.parquet".formatted(folder, UUID), 1);
    for (String hidden : List.of("_SUCCESS", "._SUCCESS.crc", "_metadata", ".part-00000.crc")) {
      Files.writeString(place.directory().resolve(folder).resolve(hidden), "none of it");
    }

    Outcome outcome = assertAllMerge(ALL);

    assertThat(outcome.summary("checkpoints")).isEqualTo("2");
    assertThat(outcome.summary("left out")).isEqualTo("4 hidden files");
  }

  @Test
  void theTargetsMayBeAFolderOfDask() throws Exception {
    Files.delete(file("targets"));
    writeFile("targets.parquet/part.0.parquet", "i AS y", "WHERE i < 3");
    writeFile("targets.parquet/part.1.parquet", "i AS y", "WHERE i >= 3");
    writePart("agg.parquet/part.0.parquet", 0);
    writePart("agg.parquet/part.1.parquet", 1);

    assertAllMerge(ALL);
  }

  @Test
  void foldersOfHiveAreLookedThroughButForThoseOfOtherPairs() throws Exception {
    writePart("agg.parquet/pair=eurusd/year=2024/part-0.parquet", 0);
    writePart("agg.parquet/pair=eurusd/year=2025/part-0.parquet", 1);
    writeFile("agg.parquet/pair=gbpusd/part-0.parquet", "i * 3 AS x", "");

    Outcome outcome = assertAllMerge(ALL);

    assertThat(outcome.summary("left out"))
        .isEqualTo(
            "1 column of folder names (agg.year), 1 file in folders of other pairs (agg.parquet/pair=gbpusd/part-0.parquet)");
  }

  @Test
  void aColumnThatFolderAndFileHaveIsNotLeftOut() throws Exception {
    writeFile("agg/year=2024/0.parquet", "i * 2 AS x, 2024 AS year", "");

    Outcome outcome = assertAllMerge(ALL + ", 2024 AS agg__year");

    assertThat(outcome.summary("left out")).isEqualTo("nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"agg.PARQUET", "agg.parq", "agg.pq", "agg.parquet.gzip", "agg.gz.parquet"})
  void otherEndingsOfParquetFilesAreRead(String name) throws Exception {
    writeFile(name, "i * 2 AS x", "");

    assertThat(assertAllMerge(ALL).summary("left out")).isEqualTo("nothing");
  }

  @Test
  void whatIsPassedOverIsNamedAndCounted() throws Exception {
    writeFile("agg.parquet", "i * 2 AS x", "");
    writeFile("mkt.bak", "i AS x", "");
    writeFile("old", "i AS x", "");
    Files.writeString(place.directory().resolve("notes.txt"), "none of it");
    Files.createSymbolicLink(file("gone"), place.directory().resolve("nowhere"));

    Outcome outcome = assertAllMerge(ALL);

    assertThat(outcome.summary("left out"))
        .isEqualTo(
            "2 Parquet files with another ending (mkt.bak, old), 1 file that is not Parquet (notes.txt), 1 dangling link (gone.parquet)");
    assertThat(Files.readString(place.output().resolve("training_eurusd.json")))
        .contains("\"dangling links\" : [ \"gone.parquet\" ]");
  }

  @ParameterizedTest
  @CsvSource({
    "agg/part-0.parquet, agg/_delta_log/00000000000000000000.json, agg, Delta Lake",
    "agg/data/0.parquet, agg/metadata/v1.metadata.json, agg, Apache Iceberg",
    "db/agg/0.parquet, db/agg/.hoodie/hoodie.properties, db/agg, Apache Hudi"
  })
  void tablesWhoseFilesDoNotTellTheirRowsAreRefused(
      String data, String log, String folder, String format) throws Exception {
    writeFile(data, "i * 2 AS x", "");
    Path file = place.directory().resolve(log);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: it is a table of %s, whose folder may also hold rows that are no longer in the table; export the table's rows to Parquet, and merge these files"
                .formatted(place.directory().resolve(folder), format));
  }

  @Test
  void linksToFilesAndFoldersAreFollowed() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    Files.createDirectories(elsewhere);
    Files.createSymbolicLink(place.directory().resolve("agg"), elsewhere);
    writePart("agg/0.parquet", 0);
    writePart("agg/1.parquet", 1);

    assertAllMerge(ALL);
  }

  @Test
  void aSetWithoutFeaturesIsRefused() throws Exception {
    writeFile("agg.bak", "i AS x", "");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: it has targets, but no feature (left out: 1 Parquet file with another ending (agg.bak)); put the files of feature groups beside %s"
                .formatted(place.directory(), file("targets")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agg_", "agg-", "agg", "agg_eurusd_", "checkpoint_agg_eurusd_"})
  void filesOfAnExportOfBigQueryAreOneGroup(String name) throws Exception {
    writePart(name + "000000000000.parquet", 0);
    writePart(name + "000000000001.parquet", 1);

    assertAllMerge(ALL);
  }

  @Test
  void theTargetsMayBeAnExportOfBigQuery() throws Exception {
    Files.delete(file("targets"));
    writeFile("targets_eurusd_000000000000.parquet", "i AS y", "WHERE i < 3");
    writeFile("targets_eurusd_000000000001.parquet", "i AS y", "WHERE i >= 3");
    writeFile("agg.parquet", "i * 2 AS x", "");

    assertAllMerge(ALL);
  }

  @Test
  void aGapInAnExportIsRefused() throws Exception {
    writePart("agg_000000000000.parquet", 0);
    writePart("agg_000000000002.parquet", 1);

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: going by the numbers in the names of the others, files are missing (1): agg_000000000001.parquet"
                .formatted(place.directory()));
  }

  @ParameterizedTest
  @CsvSource({
    "agg_0.parquet, agg_1.parquet",
    "agg_eurusd_20240101.parquet, agg_eurusd_20240102.parquet",
    "agg-2024-01-01.parquet, agg-2024-01-02.parquet",
    "agg_9.parquet, agg_10.parquet",
    "agg.parquet, agg_1.parquet",
    "agg.parquet, agg_eurusd_20240102.parquet",
    "agg/0.parquet, agg_1.parquet"
  })
  void numberedFilesThatShareColumnsNeedAnOption(String first, String second) throws Exception {
    writePart(first, 0);
    writePart(second, 1);

    List<String> sorted = List.of(first, second).stream().sorted().toList();
    String dir = place.directory() + "/";
    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: the names of 2 files or folders differ only in a number (%s, %s), and %s and %s share columns (x); with --parts=join they are the parts of one table, with --parts=separate each is a feature group"
                .formatted(
                    place.directory(),
                    dir + sorted.get(0),
                    dir + sorted.get(1),
                    dir + sorted.get(0),
                    dir + sorted.get(1)));
    assertAllMerge(ALL, "--parts=join");
  }

  @Test
  void numberedFilesOfSparkNeedAnOption() throws Exception {
    writePart("part-00000-%s-c000.snappy.parquet".formatted(UUID), 0);
    writePart("part-00001-%s-c000.snappy.parquet".formatted(UUID), 1);

    assertThat(refusedByAll()).contains("; with --parts=join they are the parts of one table, ");
    assertAllMerge(ALL.replace("agg__x", "part__x"), "--parts=join");
  }

  @Test
  void windowsAreGroupsOfTheirOwnWithAnOption() throws Exception {
    writeFile("lag_eurusd_45.parquet", "i AS x", "");
    writeFile("lag_eurusd_90.parquet", "i + 1 AS x", "");

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS lag_45__x, i + 1 AS lag_90__x"
            .formatted(TIME),
        "--parts=separate");
  }

  @Test
  void numberedFilesWithColumnsOfTheirOwnAreGroups() throws Exception {
    writeFile("lag_45.parquet", "i AS a", "");
    writeFile("lag_90.parquet", "i + 1 AS b", "");

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, i AS lag_45__a, i + 1 AS lag_90__b"
            .formatted(TIME));
  }

  @Test
  void numberedTargetsNeedTheOption() throws Exception {
    Files.delete(file("targets"));
    writeFile("targets_0.parquet", "i AS y", "WHERE i < 3");
    writeFile("targets_1.parquet", "i AS y", "WHERE i >= 3");
    writeFile("agg.parquet", "i * 2 AS x", "");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: it must have exactly one targets.parquet, which determines the rows of the training file (found none; with --parts=join, %s, %s are its parts)"
                .formatted(place.directory(), file("targets_0"), file("targets_1")));
    assertAllMerge(ALL, "--parts=join");
  }

  @Test
  void numberedTablesBesideTheTargetsAreNoFeatures() throws Exception {
    writeFile("targets_1.parquet", "i AS future", "");
    writeFile("agg.parquet", "i * 2 AS x", "");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: the name of %s differs from that of the targets, %s, only in its number; with --parts=join they are the parts of one table, with --parts=separate targets_1 is a feature group"
                .formatted(place.directory(), file("targets_1"), file("targets")));
    assertAllMerge(ALL.replace("agg__x", "agg__x, i AS targets_1__future"), "--parts=separate");
  }

  @Test
  void aLinkToItsOwnFolderIsLeftOut() throws Exception {
    writeFile("agg.parquet", "i * 2 AS x", "");
    Files.createSymbolicLink(place.directory().resolve("again"), place.directory());

    assertThat(assertAllMerge(ALL).summary("left out"))
        .isEqualTo("1 link that leads back to its own folder (again)");
  }

  @Test
  void partsAreInTheOrderOfTheirNumbers() throws Exception {
    writeFile("agg_2.parquet", "i * 2 AS x", "");
    writeFile("agg_10.parquet", "i * 3 AS x", "");

    assertAllMerge(ALL, "--parts=join", "--onDuplicate=first");
    assertAllMerge(ALL.replace("* 2", "* 3"), "--parts=join", "--onDuplicate=last");
  }
}
