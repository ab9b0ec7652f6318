package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.bqx.catalog.Pair;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The graph of a whole pair, 667 tables with 6,484 columns: as one job within a tenth of Dataflow's
 * limit, and with as many steps as that of a part of it.
 */
class GraphBoundsTest {
  /** Dataflow refuses graphs of more bytes. */
  private static final int LIMIT = 10_000_000;

  private static final double MOST_SECONDS = 20;
  private static final String HEAP = "-Xmx1g";

  @TempDir Path directory;

  @Test
  void aWholePairFitsIntoOneJobWithRoomToSpare() throws Exception {
    Path warehouse = directory.resolve("warehouse.duckdb");
    Samples.of(warehouse, Pair.of(Workplace.PAIR), 5).create();

    Graph whole = graph(warehouse, "1/1");
    Graph half = graph(warehouse, "1/2");

    assertThat(whole.steps()).as("steps, however many tables").isEqualTo(half.steps());
    assertThat(whole.json()).as("bytes of the job's JSON").isLessThan(LIMIT / 10);
    assertThat(whole.proto()).as("bytes of the pipeline's proto").isLessThan(LIMIT / 10);
    assertThat(half.json()).as("bytes of half the job's JSON").isLessThan(whole.json());
    assertThat(whole.seconds()).as("seconds until all is described").isLessThan(MOST_SECONDS);
  }

  /**
   * A graph in figures.
   *
   * @param steps of the job
   * @param json bytes of the job
   * @param proto bytes of the portable pipeline
   * @param seconds of processor time from the start of the main to its end
   */
  private record Graph(int steps, long json, long proto, double seconds) {}

  private Graph graph(Path warehouse, String wave) throws Exception {
    Path place = Files.createDirectory(directory.resolve("wave-" + wave.replace('/', '-')));
    String printed = run(warehouse, place, wave);
    assertThat(printed).contains("code 0");
    Map<?, ?> job =
        new ObjectMapper().readValue(place.resolve(GraphBounds.JOB).toFile(), Map.class);
    assertThat(job.get("name")).as("a job that runs alone").isEqualTo(GraphBounds.JOB_NAME);
    List<?> steps = (List<?>) job.get("steps");
    Graph graph =
        new Graph(
            steps.size(),
            Files.size(place.resolve(GraphBounds.JOB)),
            Files.size(place.resolve(GraphBounds.PROTO)),
            Double.parseDouble(printed.replaceAll("(?s).*seconds (\\S+).*", "$1")));
    System.out.printf(
        "graph of wave %s: %,d steps, %,d bytes of JSON, %,d bytes of proto, %.1f s of processor, heap %s%n",
        wave, graph.steps, graph.json, graph.proto, graph.seconds, HEAP);
    return graph;
  }

  private static String run(Path warehouse, Path place, String wave) throws Exception {
    List<String> options = new ArrayList<>(ChildJvm.OPENS);
    options.add(HEAP);
    Path log = place.resolve("out.txt");
    Process process =
        ChildJvm.of(log, options, GraphBounds.class, warehouse.toString(), place.toString(), wave)
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
    return Files.readString(log);
  }
}
