package ml.bqx.launch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.launch.dataflow.JobRequest;

/** Makes the jobs of a pair; the same configuration always makes the same names. */
final class JobRequests {
  /** Label with the snapshot time of the warehouse, in milliseconds since 1970. */
  static final String SNAPSHOT_LABEL = "bqx-snapshot";

  private static final String SNAPSHOT_TIME = "snapshotTime";
  private static final String WAREHOUSE = "warehouse";

  /** What a job on Dataflow reads from unless an option says otherwise. */
  private static final String BIGQUERY = "bigquery";

  private final LauncherConfig config;
  private final int workers;

  /**
   * Requests of a configuration.
   *
   * @param workers maximum workers of one job
   */
  JobRequests(LauncherConfig config, int workers) {
    this.config = config;
    this.workers = workers;
  }

  /** Whether the jobs of a pair need a common snapshot time that no option sets. */
  boolean needSnapshot() {
    return config.kind() == LaunchKind.EXTRACT
        && isBigQuery(config.parameters())
        && !config.parameters().containsKey(SNAPSHOT_TIME);
  }

  private static boolean isBigQuery(Map<String, String> parameters) {
    return parameters.getOrDefault(WAREHOUSE, BIGQUERY).equals(BIGQUERY);
  }

  /** Number of jobs of a pair. Only extractions from BigQuery are split into waves. */
  int count() {
    return config.kind() == LaunchKind.EXTRACT && isBigQuery(config.parameters())
        ? config.waves()
        : 1;
  }

  /** The numbers of all jobs of a pair, from 1. */
  List<Integer> indexes() {
    return IntStream.rangeClosed(1, count()).boxed().toList();
  }

  /** The name of one of the pair's jobs. */
  String name(Pair pair, int index) {
    String wave = count() == 1 ? "" : "%dof%d".formatted(index, count());
    return Stream.of("bqx", config.kind().toString(), pair.name(), wave, config.task().execution())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"));
  }

  /** The title of one of the pair's jobs, for logs and errors. */
  String title(Pair pair, int index) {
    String wave = count() == 1 ? "" : " %d/%d".formatted(index, count());
    return config.kind() + " " + pair + wave;
  }

  /**
   * Jobs of a pair.
   *
   * @param indexes their numbers, some of {@link #indexes}
   * @param snapshot the time as of which they read the warehouse; empty if they need none
   */
  List<JobRequest> of(Pair pair, List<Integer> indexes, Optional<Instant> snapshot) {
    List<JobRequest> requests = new ArrayList<>();
    for (int index : indexes) {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("bqx-kind", config.kind().toString());
      labels.put("bqx-pair", pair.name());
      snapshot.ifPresent(time -> labels.put(SNAPSHOT_LABEL, Long.toString(time.toEpochMilli())));

      requests.add(
          new JobRequest(
              name(pair, index),
              title(pair, index),
              parameters(pair, index, snapshot),
              Map.copyOf(labels)));
    }

    return requests;
  }

  private Map<String, String> parameters(Pair pair, int index, Optional<Instant> snapshot) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (config.kind() == LaunchKind.EXTRACT) {
      parameters.put(WAREHOUSE, BIGQUERY);
      parameters.put("extractionWorkers", Integer.toString(workers));
    }

    if (count() > 1) {
      parameters.put("wave", "%d/%d".formatted(index, count()));
    }

    snapshot.ifPresent(time -> parameters.put(SNAPSHOT_TIME, time.toString()));
    parameters.putAll(config.pipelineOptions(pair));
    return parameters;
  }
}
