package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.doubles.Emulators;
import ml.bqx.doubles.WatchedStorage;

/**
 * A cluster of Flink's with the settings of the page about it, and a bucket that its workers share;
 * runs commands there as the page does, and compares what comes of them with what one process
 * makes.
 */
final class FlinkSite implements AutoCloseable {
  static final int WORKERS = 2;

  private static final Path PAGE = Path.of("docs/flink.md");

  final FlinkCluster cluster;
  final WorkerKills kills;
  private final Path scratch;
  private final WatchedStorage storage;

  /**
   * Starts the cluster.
   *
   * @param scratch for its files
   */
  FlinkSite(Path scratch) throws Exception {
    this.scratch = scratch;
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
  private Stream<String> onFlink() {
    String line = lines("    java .* merge .*").get(0);
    return Stream.of(line.substring(line.indexOf("--runner")).split(" "))
        // A worker that is left can do all of a job.
        .map(
            option ->
                option
                    .replace("$FLINK", cluster.address())
                    .replace("=4", "=" + FlinkCluster.SLOTS));
  }

  private List<String> atStorage() {
    return Emulators.args().stream()
        .map(
            option ->
                option.startsWith("--gcsEndpoint=")
                    ? "--gcsEndpoint=" + storage.endpoint()
                    : option)
        .toList();
  }

  /** Runs the jar, as the page does. */
  Outcome run(String command, List<String> args, String... more) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("-Xmx1g");
    all.add(FlinkCluster.TRUST);
    all.addAll(ChildJvm.BRIEF);
    all.addAll(List.of("-jar", "target/flink/bqx-ml-worker.jar", command, "--pair=eurusd"));
    all.addAll(args);
    all.addAll(atStorage());
    all.addAll(onFlink().toList());
    all.addAll(List.of(more));
    return TiedProcess.run(all, scratch);
  }

  /** Extracts a DuckDB file, which all workers see, to a bucket, which alone they share. */
  Outcome extract(Path warehouse, String bucket, String... more) throws Exception {
    return run(
        "extract",
        List.of(
            "--sharedDirectory",
            "--warehouse=duckdb:" + warehouse,
            "--checkpoints=" + bucket + "/checkpoints"),
        more);
  }

  /** Merges the checkpoints of a bucket to another one. */
  Outcome merge(String checkpoints, String output, String... more) throws Exception {
    return run(
        "merge",
        List.of("--checkpoints=" + checkpoints + "/checkpoints", "--output=" + output),
        more);
  }

  /** Runs a command in this process, on the same bucket. */
  Outcome here(String command, String checkpoints, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--pair=eurusd"));
    args.addAll(atStorage());
    args.add("--checkpoints=" + checkpoints + "/checkpoints");
    args.addAll(List.of(more));
    return Outcome.ofMain(args);
  }

  /** Compares with what {@code stream} makes of the same checkpoints, and that nothing is left. */
  void assertMerged(Outcome outcome, String checkpoints, String output, Path directory, String rows)
      throws Exception {
    assertDone(outcome);
    assertThat(Emulators.objects(output))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
    String reference = Emulators.newBucket();
    assertDone(here("merge", checkpoints, "--mergeMethod=stream", "--output=" + reference, rows));
    Path expected = directory.resolve("expected.parquet");
    Path found = directory.resolve("found.parquet");
    Emulators.download(reference + "/training_eurusd.parquet", expected);
    Emulators.download(output + "/training_eurusd.parquet", found);
    assertThat(Workplace.differences(expected, found)).isEmpty();
  }

  /** Compares with checkpoints that one process has made, every byte, and that nothing is left. */
  static void assertExtracted(String bucket, Workplace place, Path directory) throws Exception {
    List<String> expected = Workplace.filesBelow(place.checkpoints());
    assertThat(Emulators.objects(bucket))
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

  @Override
  public void close() {
    System.out.println("workers killed: " + kills.counts());
    cluster.close();
    storage.close();
  }
}
