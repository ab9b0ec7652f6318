package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import ml.bqx.WorkerKills.Moment;
import ml.bqx.doubles.EmulatedWarehouse;
import ml.bqx.doubles.Emulators;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Extractions and merges on a cluster of Flink's, whose workers share nothing but a bucket, and are
 * killed and replaced. What comes of it is what one process makes.
 */
@Tag("flink")
@ExtendWith(SampleSets.class)
class FlinkTest {
  /** So few that the sample has 40 row blocks. */
  private static final String MANY_BLOCKS = "--rowGroupRows=63";

  private static final String SHARDS = "--shardRows=1260";

  @TempDir static Path scratch;

  private static SampleSets.Sets sets;
  private static FlinkSite flink;
  private static WorkerKills kills;
  private static final ExecutorService client = Executors.newSingleThreadExecutor();
  private static String aligned;
  private static String sharded;

  @TempDir Path directory;

  @BeforeAll
  static void startCluster(SampleSets.Sets shared) throws Exception {
    sets = shared;
    flink = new FlinkSite(scratch);
    kills = flink.kills;
    aligned = Emulators.newBucket();
    sharded = Emulators.newBucket();
    assertDone(extract(aligned));
    assertDone(flink.extract(sets.warehouse(), sharded, "--layout=sharded"));
  }

  @AfterAll
  static void stopCluster() {
    client.shutdown();
    flink.close();
  }

  @AfterEach
  void killNobodyMore() {
    kills.at();
    kills.wake();
    kills.release();
    flink.cluster.awaitIdle(FlinkSite.WORKERS);
  }

  private static Outcome extract(String bucket) throws Exception {
    return flink.extract(sets.warehouse(), bucket, MANY_BLOCKS, SHARDS);
  }

  private Workplace extractedHere() {
    Workplace place = new Workplace(directory, sets.warehouse());
    assertDone(place.extract(MANY_BLOCKS, SHARDS));
    return place;
  }

  @Test
  void checkpointsAreThoseOfOneProcess() throws Exception {
    FlinkSite.assertExtracted(aligned, extractedHere(), directory);
  }

  @ParameterizedTest
  @CsvSource({"aligned, 63", "sharded, 16384", "sharded, 63"})
  void trainingFilesAreThoseOfOneProcess(String layout, int rows) throws Exception {
    String checkpoints = layout.equals("aligned") ? aligned : sharded;
    String output = Emulators.newBucket();

    Outcome outcome = flink.merge(checkpoints, output, "--rowGroupRows=" + rows);

    flink.assertMerged(outcome, checkpoints, output, directory, "--rowGroupRows=" + rows);
  }

  /** One, or as many as are asked for. */
  static IntStream rounds() {
    return IntStream.rangeClosed(1, Integer.getInteger("rounds", 1));
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void mergesOutliveTheirWorkers(int round) throws Exception {
    String output = Emulators.newBucket();
    kills.at(
        Moment.READING, Moment.ASSEMBLING, Moment.PUBLISHING, Moment.PUBLISHED, Moment.CLEANING_UP);

    Outcome outcome = flink.merge(aligned, output, MANY_BLOCKS);

    assertThat(kills.missed()).isEmpty();
    flink.assertMerged(outcome, aligned, output, directory, MANY_BLOCKS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void extractionsOutliveTheirWorkers(int round) throws Exception {
    String bucket = Emulators.newBucket();
    kills.at(
        Moment.BEGINNING, Moment.WRITING, Moment.COMMITTING, Moment.RECORDING, Moment.MANIFEST);

    Outcome outcome = extract(bucket);

    assertThat(kills.missed()).isEmpty();
    assertDone(outcome);
    FlinkSite.assertExtracted(bucket, extractedHere(), directory);
  }

  /**
   * A worker that does not answer is replaced. It wakes up, but what it has asked the storage for
   * is carried out when all is done.
   */
  @ParameterizedTest
  @EnumSource(names = {"ASSEMBLING", "PUBLISHING"})
  void aMergeIsNotHarmedByAWorkerThatIsLate(Moment moment) throws Exception {
    String output = Emulators.newBucket();

    Outcome outcome = withLate(moment, () -> flink.merge(aligned, output, MANY_BLOCKS));

    flink.assertMerged(outcome, aligned, output, directory, MANY_BLOCKS);
  }

  /** Both attempts have the same checkpoint to commit. */
  @ParameterizedTest
  @EnumSource(names = {"NAMING", "COMMITTING", "RECORDING"})
  void recordsFitTheirFilesWhenTwoAttemptsCommit(Moment moment) throws Exception {
    String bucket = Emulators.newBucket();

    Outcome outcome = withLate(moment, () -> extract(bucket));

    assertDone(outcome);
    FlinkSite.assertExtracted(bucket, extractedHere(), directory);
    // It compares all checksums with the records.
    Outcome again =
        flink.here(
            "extract", bucket, "--warehouse=duckdb:" + sets.warehouse(), MANY_BLOCKS, SHARDS);
    assertDone(again);
    assertThat(again.summary("checkpoints extracted")).isEqualTo("0");
    // It compares all that it reads with the manifest.
    String output = Emulators.newBucket();
    assertDone(
        flink.here("merge", bucket, "--mergeMethod=stream", "--output=" + output, MANY_BLOCKS));
  }

  /** Runs a command, and has a worker stop at a moment and wake up when it is replaced. */
  private static Outcome withLate(Moment moment, Callable<Outcome> command) throws Exception {
    long restarts = flink.cluster.restarts();
    kills.stopAt(moment);
    Future<Outcome> running = client.submit(command);
    Waiting.until(() -> kills.stopped().isPresent() || running.isDone(), moment + " has come");
    Waiting.until(() -> flink.cluster.restarts() > restarts, "Flink gives the worker up");
    kills.wake();

    Outcome outcome = running.get();

    assertThat(kills.missed()).isEmpty();
    kills.release();
    flink.cluster.awaitIdle(FlinkSite.WORKERS);
    return outcome;
  }

  @Test
  void workersMayShareADirectoryAndDie() throws Exception {
    Workplace place = extractedHere();
    Path reference = directory.resolve("reference.parquet");
    assertDone(place.merge("--mergeMethod=stream", MANY_BLOCKS));
    Files.move(place.trainingFile(), reference);
    Files.delete(place.card());
    long restarts = flink.cluster.restarts();
    List<String> args =
        List.of("--checkpoints=" + place.checkpoints(), "--output=" + place.output());
    Future<Outcome> merge =
        client.submit(() -> flink.run("merge", args, "--sharedDirectory", MANY_BLOCKS));
    Waiting.until(() -> hasPart(place.output()), "a row block is being written");
    flink.cluster.workers().get(0).destroyForcibly();
    flink.cluster.startWorker();

    assertDone(merge.get());

    assertThat(flink.cluster.restarts()).isGreaterThan(restarts);
    assertThat(Workplace.differences(reference, place.trainingFile())).isEmpty();
    assertThat(Workplace.filesBelow(place.output()))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  private static boolean hasPart(Path output) {
    try {
      return Workplace.filesBelow(output).stream().anyMatch(file -> file.contains("part-"));
    } catch (UncheckedIOException e) {
      // A directory went while it was looked at.
      return false;
    }
  }

  @Test
  void bigQueryIsExtractedAsByOneProcess() throws Exception {
    EmulatedWarehouse warehouse = EmulatedWarehouse.of(sets.warehouse(), directory);
    String bucket = Emulators.newBucket();
    String reference = Emulators.newBucket();
    List<String> args = new ArrayList<>(warehouse.args());
    args.addAll(List.of(MANY_BLOCKS, SHARDS, "--waves=2"));
    assertDone(flink.here("extract", reference, args.toArray(String[]::new)));
    args.add("--checkpoints=" + bucket + "/checkpoints");

    Outcome outcome = flink.run("extract", args);

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("16");
    FlinkSite.assertExtracted(bucket, downloaded(reference), directory);
  }

  /** The checkpoints of a bucket, on this machine. */
  private Workplace downloaded(String bucket) throws IOException {
    Workplace place = new Workplace(directory.resolve("downloaded"), sets.warehouse());
    for (String name : Emulators.objects(bucket)) {
      Path file = place.root().resolve(name);
      Files.createDirectories(file.getParent());
      Emulators.download(bucket + "/" + name, file);
    }

    return place;
  }
}
