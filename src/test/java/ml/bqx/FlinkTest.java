package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.bqx.WorkerKills.Moment;
import ml.bqx.doubles.Emulators;
import ml.bqx.doubles.WatchedStorage;
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
  private static final Path PAGE = Path.of("docs/flink.md");
  private static final int WORKERS = 2;

  /** So few that the sample has 40 row blocks. */
  private static final String MANY_BLOCKS = "--rowGroupRows=63";

  @TempDir static Path scratch;

  private static SampleSets.Sets sets;
  private static WatchedStorage storage;
  private static FlinkCluster cluster;
  private static WorkerKills kills;
  private static final ExecutorService client = Executors.newSingleThreadExecutor();
  private static String aligned;
  private static String sharded;

  @TempDir Path directory;

  @BeforeAll
  static void startCluster(SampleSets.Sets shared) throws Exception {
    sets = shared;
    storage = new WatchedStorage();
    List<String> settings = new ArrayList<>(lines("    [a-z.-]+: .*"));
    settings.add("taskmanager.memory.process.size: 3g");
    settings.add("jobmanager.memory.process.size: 2g");
    settings.add("cluster.evenly-spread-out-slots: true");
    // Workers that do not answer are given up sooner than after 50 s.
    settings.add("heartbeat.interval: 1000");
    settings.add("heartbeat.timeout: 10000");
    // More workers are killed during one job than anyone loses.
    settings.add("restart-strategy.fixed-delay.attempts: 50");
    cluster = new FlinkCluster(scratch, settings);
    cluster.startWorker();
    cluster.startWorker();
    kills = new WorkerKills(cluster, storage.port());
    storage.watch(kills);
    aligned = Emulators.newBucket();
    sharded = Emulators.newBucket();
    cluster.awaitIdle(WORKERS);
    assertDone(extract(aligned, MANY_BLOCKS, "--shardRows=1260"));
    assertDone(extract(sharded, "--layout=sharded"));
  }

  @AfterAll
  static void stopCluster() {
    System.out.println("workers killed: " + kills.counts());
    client.shutdown();
    cluster.close();
    storage.close();
  }

  @AfterEach
  void killNobodyMore() {
    kills.at();
    kills.wake();
    kills.release();
    cluster.awaitIdle(WORKERS);
  }

  /** What the page says, without the indent. */
  private static List<String> lines(String regex) {
    try {
      return Files.readAllLines(PAGE).stream()
          .filter(line -> line.matches(regex))
          .map(String::strip)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options with which the page runs a command on Flink. */
  private static Stream<String> onFlink() {
    String line = lines("    java .* merge .*").get(0);
    return Stream.of(line.substring(line.indexOf("--runner")).split(" "))
        // A worker that is left can do all of a job.
        .map(
            option ->
                option
                    .replace("$FLINK", cluster.address())
                    .replace("=4", "=" + FlinkCluster.SLOTS));
  }

  private static List<String> atStorage() {
    return Emulators.args().stream()
        .map(
            option ->
                option.startsWith("--gcsEndpoint=")
                    ? "--gcsEndpoint=" + storage.endpoint()
                    : option)
        .toList();
  }

  private static Outcome extract(String bucket, String... more) throws Exception {
    return run(
        "extract",
        List.of(
            "--sharedDirectory",
            "--warehouse=duckdb:" + sets.warehouse(),
            "--checkpoints=" + bucket + "/checkpoints"),
        more);
  }

  private static Outcome merge(String checkpoints, String output, String... more) throws Exception {
    return run(
        "merge",
        List.of("--checkpoints=" + checkpoints + "/checkpoints", "--output=" + output),
        more);
  }

  /** Runs the jar, as the page does. */
  private static Outcome run(String command, List<String> args, String... more) throws Exception {
    List<String> all = new ArrayList<>();
    // It ends with this JVM.
    all.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("-Xmx1g");
    all.addAll(ChildJvm.BRIEF);
    all.addAll(List.of("-jar", "target/flink/bqx-ml-worker.jar", command, "--pair=eurusd"));
    all.addAll(args);
    all.addAll(atStorage());
    all.addAll(onFlink().toList());
    all.addAll(List.of(more));
    Path out = Files.createTempFile(scratch, command, ".out");
    Path err = Files.createTempFile(scratch, command, ".err");
    Process process =
        new ProcessBuilder(all).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int code = process.waitFor();
    return new Outcome(code, Files.readString(out), Files.readString(err));
  }

  /** Compares with what {@code stream} makes of the same checkpoints, and that nothing is left. */
  private void assertMerged(Outcome outcome, String checkpoints, String output, String... more)
      throws Exception {
    assertDone(outcome);
    assertThat(Emulators.objects(output))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
    String reference = Emulators.newBucket();
    List<String> args = new ArrayList<>(List.of("merge", "--pair=eurusd", "--mergeMethod=stream"));
    args.addAll(atStorage());
    args.addAll(List.of("--checkpoints=" + checkpoints + "/checkpoints", "--output=" + reference));
    args.addAll(List.of(more));
    assertDone(Outcome.ofMain(args));
    Path expected = directory.resolve("expected.parquet");
    Path found = directory.resolve("found.parquet");
    Emulators.download(reference + "/training_eurusd.parquet", expected);
    Emulators.download(output + "/training_eurusd.parquet", found);
    assertThat(Workplace.differences(expected, found)).isEmpty();
  }

  /** Compares with checkpoints that one process has made: every byte of every file. */
  private void assertExtracted(String bucket, Workplace place) throws Exception {
    List<String> expected = Workplace.filesBelow(place.checkpoints());
    // What a killed worker has not committed is deleted when it is a day old.
    assertThat(Emulators.objects(bucket))
        .filteredOn(name -> !name.contains("/_temporary/"))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(name -> "checkpoints/" + name).toList());
    for (String name : expected) {
      if (name.contains("/checkpoint_") && name.endsWith(".parquet")) {
        Path found = directory.resolve(Path.of(name).getFileName());
        Emulators.download(bucket + "/checkpoints/" + name, found);
        assertThat(found).as(name).hasSameBinaryContentAs(place.checkpoints().resolve(name));
      }
    }
  }

  private Workplace extractedHere(String... options) {
    Workplace place = new Workplace(directory, sets.warehouse());
    assertDone(place.extract(options));
    return place;
  }

  @Test
  void checkpointsAreThoseOfOneProcess() throws Exception {
    assertExtracted(aligned, extractedHere(MANY_BLOCKS, "--shardRows=1260"));
  }

  @ParameterizedTest
  @CsvSource({"aligned, 63", "sharded, 16384", "sharded, 63"})
  void trainingFilesAreThoseOfOneProcess(String layout, int rows) throws Exception {
    String checkpoints = layout.equals("aligned") ? aligned : sharded;
    String output = Emulators.newBucket();

    Outcome outcome = merge(checkpoints, output, "--rowGroupRows=" + rows);

    assertMerged(outcome, checkpoints, output, "--rowGroupRows=" + rows);
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

    Outcome outcome = merge(aligned, output, MANY_BLOCKS);

    assertThat(kills.missed()).isEmpty();
    assertMerged(outcome, aligned, output, MANY_BLOCKS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void extractionsOutliveTheirWorkers(int round) throws Exception {
    String bucket = Emulators.newBucket();
    kills.at(
        Moment.BEGINNING, Moment.WRITING, Moment.COMMITTING, Moment.RECORDING, Moment.MANIFEST);

    Outcome outcome = extract(bucket, MANY_BLOCKS, "--shardRows=1260");

    assertThat(kills.missed()).isEmpty();
    assertDone(outcome);
    assertExtracted(bucket, extractedHere(MANY_BLOCKS, "--shardRows=1260"));
  }

  /**
   * A worker that does not answer is replaced. It wakes up, but what it has asked the storage for
   * is carried out when all is done.
   */
  @ParameterizedTest
  @EnumSource(names = {"ASSEMBLING", "PUBLISHING"})
  void aWorkerThatIsLateHarmsNothing(Moment moment) throws Exception {
    String output = Emulators.newBucket();
    long restarts = cluster.restarts();
    kills.stopAt(moment);
    Future<Outcome> merge = client.submit(() -> merge(aligned, output, MANY_BLOCKS));
    Waiting.until(() -> kills.stopped().isPresent() || merge.isDone(), moment + " has come");
    Waiting.until(() -> cluster.restarts() > restarts, "Flink gives the worker up");
    kills.wake();

    Outcome outcome = merge.get();

    assertThat(kills.missed()).isEmpty();
    kills.release();
    cluster.awaitIdle(WORKERS);
    assertMerged(outcome, aligned, output, MANY_BLOCKS);
  }

  @Test
  void workersMayShareADirectory() throws Exception {
    Workplace place = extractedHere(MANY_BLOCKS, "--shardRows=1260");
    Path reference = directory.resolve("reference.parquet");
    assertDone(place.merge("--mergeMethod=stream", MANY_BLOCKS));
    Files.move(place.trainingFile(), reference);
    Files.delete(place.card());

    Outcome outcome =
        run(
            "merge",
            List.of("--checkpoints=" + place.checkpoints(), "--output=" + place.output()),
            "--sharedDirectory",
            MANY_BLOCKS);

    assertDone(outcome);
    assertThat(Workplace.differences(reference, place.trainingFile())).isEmpty();
    assertThat(Workplace.filesBelow(place.output()))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }
}
