package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ml.bqx.doubles.EmulatedWarehouse;
import ml.bqx.doubles.Emulators;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands on Beam's runner Prism, to which a pipeline goes as to Dataflow: as a portable
 * graph, whose steps a worker is told to do over gRPC. What comes of it is what the Direct runner
 * makes.
 */
@Tag("prism")
@ExtendWith(SampleSets.class)
class PrismTest {
  /** So few that the sample has 40 row blocks. */
  private static final String MANY_BLOCKS = "--rowGroupRows=63";

  private static final String SHARDS = "--shardRows=1260";

  @TempDir static Path scratch;

  private static SampleSets.Sets sets;
  private static int port;
  private static Process prism;

  @TempDir Path directory;

  @BeforeAll
  static void startPrism(SampleSets.Sets shared) throws Exception {
    sets = shared;
    port = TiedProcess.freePort();
    String program =
        Objects.requireNonNull(
            System.getenv("BQX_PRISM"), "BQX_PRISM is not set: run this with make test-prism");
    Path log = scratch.resolve("prism.log");
    prism =
        TiedProcess.of(List.of(program, "-job_port=" + port, "-serve_http=false"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Waiting.until(PrismTest::listens, "Prism, whose log is " + log);
  }

  private static boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stopPrism() {
    prism.destroyForcibly();
  }

  /** Runs a command in a JVM of its own, which is also Prism's worker. */
  private Outcome onPrism(String command, String... args) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(command);
    all.addAll(List.of(args));
    all.add("--runner=PortableRunner");
    all.add("--jobEndpoint=localhost:" + port);
    all.add("--defaultEnvironmentType=LOOPBACK");
    // The worker has all of the class path already.
    all.add("--filesToStage=README.md");
    all.add("--sharedDirectory");
    List<String> options = new ArrayList<>(ChildJvm.OPENS);
    options.add("-Djavax.net.ssl.trustStore=" + System.getenv("BQX_TRUST_STORE"));
    return TiedProcess.run(
        ChildJvm.command(options, Main.class, all.toArray(String[]::new)), scratch);
  }

  private Workplace place(String name) {
    return new Workplace(directory.resolve(name), sets.warehouse());
  }

  /** What a command prints at its end, but how long it took and where. */
  private static List<String> counts(Outcome outcome) {
    return outcome.out().lines().filter(line -> !line.matches(" +(seconds|path|.*/s) .*")).toList();
  }

  @Test
  void checkpointsAreThoseOfTheDirectRunner() throws Exception {
    assertExtracted(MANY_BLOCKS, SHARDS);
  }

  /** Its rows are grouped, which those of a DuckDB file are not. */
  @Test
  void checkpointsOfBigQueryAreThoseOfTheDirectRunner() throws Exception {
    List<String> args = new ArrayList<>(List.of(MANY_BLOCKS, SHARDS, "--waves=2"));
    args.addAll(Emulators.args());
    args.addAll(EmulatedWarehouse.of(sets.warehouse(), directory).args());
    assertExtracted(args.toArray(String[]::new));
  }

  private void assertExtracted(String... args) throws Exception {
    Workplace expected = place("expected");
    Workplace found = place("found");
    Outcome direct = expected.extract(args);
    assertDone(direct);

    Outcome outcome = onPrism("extract", found.extractArgs(args));

    assertDone(outcome);
    assertThat(counts(outcome)).isNotEmpty().isEqualTo(counts(direct));
    assertThat(outcome.err()).contains("extract: 16 of 16 checkpoints (100 %)");
    List<String> files = Workplace.filesBelow(expected.checkpoints());
    assertThat(Workplace.filesBelow(found.checkpoints())).isEqualTo(files);
    assertThat(files)
        .filteredOn(name -> name.contains("/checkpoint_") && name.endsWith(".parquet"))
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(found.checkpoints().resolve(name))
                    .hasSameBinaryContentAs(expected.checkpoints().resolve(name)));
  }

  @ParameterizedTest
  @CsvSource({"aligned, 512", "sharded, 16384", "sharded, 63"})
  void trainingFilesAreThoseOfStream(String layout, int rows) throws Exception {
    Workplace set = layout.equals("aligned") ? sets.aligned() : sets.sharded();
    assertMerged(set, "--rowGroupRows=" + rows);
  }

  @Test
  void fortyRowBlocksAreCopied() throws Exception {
    Workplace set = place("set");
    assertDone(set.extract(MANY_BLOCKS, SHARDS));
    assertMerged(set, MANY_BLOCKS);
  }

  private void assertMerged(Workplace set, String rows) throws Exception {
    String[] from = {rows, "--checkpoints=" + set.checkpoints()};
    Workplace direct = place("direct");
    Workplace stream = place("stream");
    Workplace found = place("prism");
    Outcome expected = direct.merge(from);
    assertDone(expected);
    assertDone(stream.merge(rows, from[1], "--mergeMethod=stream"));

    Outcome outcome = onPrism("merge", found.mergeArgs(from));

    assertDone(outcome);
    assertThat(counts(outcome)).isNotEmpty().isEqualTo(counts(expected));
    assertThat(outcome.err()).contains("merge: 16 of 16 checkpoints (100 %)");
    assertThat(Workplace.differences(stream.trainingFile(), found.trainingFile())).isEmpty();
    assertThat(Workplace.filesBelow(found.output()))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
    assertThat(Workplace.filesBelow(set.checkpoints()))
        .noneMatch(name -> name.contains("_temporary"));
  }
}
