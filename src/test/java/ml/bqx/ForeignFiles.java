package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ObjectArrays;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import ml.bqx.options.MergeMethod;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Writes a set of Parquet files with DuckDB, which knows nothing of checkpoints. */
abstract class ForeignFiles {
  /** Five minutes. */
  static final String ROWS = "FROM range(5) r(i)";

  /** The minute, to be written in any type of time. */
  static final String TIME = "(TIMESTAMP '2024-01-01' + to_minutes(i))";

  /** Rows of a file of many minutes. */
  static final int MINUTES = 1_000_000;

  static Duck duck;

  @TempDir Path directory;

  Workplace place;

  @BeforeAll
  static void open() throws Exception {
    duck = Duck.inMemory();
  }

  @AfterAll
  static void close() throws Exception {
    duck.close();
  }

  @BeforeEach
  void makeDirectory() throws Exception {
    place = new Workplace(directory, directory.resolve("no warehouse"));
    Files.createDirectories(place.directory());
  }

  /** Writes a file; {@code name} is without its ending. */
  void write(String name, String sql) throws Exception {
    duck.run("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file(name)));
  }

  void writeTargets() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(TIME, ROWS));
  }

  /** Writes the targets and a feature. */
  void writeSmallSet() throws Exception {
    writeTargets();
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));
  }

  /** Writes a file of many minutes; the first so many rows of its columns of numbers are null. */
  void writeMinutes(String name, int columns, int nulls) throws Exception {
    boolean[] valid = new boolean[MINUTES];
    Arrays.fill(valid, nulls, MINUTES, true);
    List<ColumnSchema> schema = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      schema.add(ColumnSchema.int64("x" + i));
    }

    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
    Longs values = new Longs(new long[MINUTES], valid);
    writeMinutes(name, schema, encoder.encode(schema.get(0), values));
  }

  /** Writes a file of many minutes, in which all columns have the same values. */
  void writeMinutes(String name, List<ColumnSchema> columns, EncodedChunk chunk) throws Exception {
    List<ColumnSchema> schema = new ArrayList<>(columns);
    schema.add(ColumnSchema.timestampMicros("interval_time"));
    long[] minutes = LongStream.range(0, MINUTES).map(minute -> minute * 60_000_000).toArray();
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
    try (ParquetAssembler file =
        new ParquetAssembler(Storage.local().create(file(name).toString()), schema)) {
      file.addRowGroup(MINUTES);
      for (int i = 0; i < columns.size(); i++) {
        file.append(0, i, chunk);
      }

      int key = columns.size();
      file.append(0, key, encoder.encodeDeltas(schema.get(key), new Longs(minutes, null)));
      file.finish(Map.of());
    }
  }

  /** Merges with every method, all of which must make the table that is selected from the rows. */
  Outcome assertAllMerge(String select, String... options) throws Exception {
    return assertAllMakeRows(select + " " + ROWS, options);
  }

  /** Merges with every method, all of which must make the table of a query. */
  Outcome assertAllMakeRows(String query, String... options) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    for (MergeMethod method : MergeMethods.ofAnySet()) {
      Outcome outcome =
          place.merge(
              ObjectArrays.concat(
                  options,
                  new String[] {"--mergeMethod=" + method, "--rowGroupRows=2"},
                  String.class));
      assertDone(outcome);
      duck.assertTraining(place.trainingFile(), query, 2);
      outcomes.add(outcome);
    }

    assertThat(outcomes)
        .extracting(each -> each.summary("left out"))
        .containsOnly(outcomes.get(0).summary("left out"));
    return outcomes.get(0);
  }

  /** The error that every method ends with. */
  String refusedByAll(String... options) {
    List<String> errors = new ArrayList<>();
    for (MergeMethod method : MergeMethods.ofAnySet()) {
      Outcome outcome = place.merge(ObjectArrays.concat(options, "--mergeMethod=" + method));
      assertThat(outcome.code()).isEqualTo(1);
      place.assertNothingMerged();
      errors.add(outcome.error());
    }

    assertThat(errors).containsOnly(errors.get(0));
    return errors.get(0);
  }

  Path file(String name) {
    return place.directory().resolve(name + ".parquet");
  }
}
