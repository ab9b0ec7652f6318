package ml.bqx.launch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the jobs of a pair; the same configuration always makes the same names. */
final class JobRequests {
  /** Label of the moment as of which the warehouse is read, in milliseconds since 1970. */
  static final String SNAPSHOT_LABEL = "bqx-snapshot";

  private static final String SNAPSHOT_TIME = "snapshotTime";
  private static final String WAREHOUSE = "warehouse";

  /** What a job on Dataflow can read from, when nothing else is said. */
  private static final String BIGQUERY = "bigquery";

  private final LauncherConfig config;

  JobRequests(LauncherConfig config) {
    this.config = config;
  }

  /** Whether the jobs of a pair must agree on a moment that nobody has told yet. */
  boolean needSnapshot() {
    return config.kind() == LaunchKind.EXTRACT
        && isBigQuery(config.parameters())
        && !config.parameters().containsKey(SNAPSHOT_TIME);
  }

  private static boolean isBigQuery(Map<String, String> parameters) {
    return parameters.getOrDefault(WAREHOUSE, BIGQUERY).equals(BIGQUERY);
  }

  /** Number of jobs of a pair. Only what comes out of BigQuery is cut into waves. */
  int count() {
    return config.kind() == LaunchKind.EXTRACT && isBigQuery(config.parameters())
        ? config.waves()
        : 1;
  }

  /** The name of one of the pair's jobs. */
  String name(Pair pair, int index) {
    String wave = count() == 1 ? "" : "%dof%d".formatted(index, count());
    return Stream.of("bqx", config.kind().toString(), pair.name(), wave, config.task().execution())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"));
  }

  /** What one of the pair's jobs is, for people. */
  String title(Pair pair, int index) {
    String wave = count() == 1 ? "" : " %d/%d".formatted(index, count());
    return config.kind() + " " + pair + wave;
  }

  /**
   * The jobs of a pair.
   *
   * @param snapshot the moment as of which they read the warehouse; null when they need none
   */
  List<JobRequest> of(Pair pair, @Nullable Instant snapshot) {
    List<JobRequest> requests = new ArrayList<>();
    for (int index = 1; index <= count(); index++) {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("bqx-kind", config.kind().toString());
      labels.put("bqx-pair", pair.name());
      if (snapshot != null) {
        labels.put(SNAPSHOT_LABEL, Long.toString(snapshot.toEpochMilli()));
      }

      requests.add(
          new JobRequest(
              name(pair, index),
              title(pair, index),
              parameters(pair, index, snapshot),
              Map.copyOf(labels),
              config.tempLocation()));
    }

    return requests;
  }

  private Map<String, String> parameters(Pair pair, int index, @Nullable Instant snapshot) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("pair", pair.name());
    parameters.put("checkpoints", config.checkpoints());
    if (config.kind() == LaunchKind.EXTRACT) {
      parameters.put(WAREHOUSE, BIGQUERY);
      parameters.put("extractionWorkers", Integer.toString(config.target().workers()));
    } else {
      parameters.put("output", config.output());
      parameters.put("mergeMethod", config.mergeMethod().toString());
    }

    if (count() > 1) {
      parameters.put("wave", "%d/%d".formatted(index, count()));
    }

    if (snapshot != null) {
      parameters.put(SNAPSHOT_TIME, snapshot.toString());
    }

    putUnlessDefault(parameters, LaunchVariable.GCS_ENDPOINT, config.endpoints().gcs());
    putUnlessDefault(parameters, LaunchVariable.BIGQUERY_ENDPOINT, config.endpoints().bigQuery());
    parameters.putAll(config.parameters());
    return parameters;
  }

  private static void putUnlessDefault(
      Map<String, String> parameters, LaunchVariable variable, String value) {
    if (!value.equals(variable.defaultValue())) {
      parameters.put(variable.option(), value);
    }
  }
}
