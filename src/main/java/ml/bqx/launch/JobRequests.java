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
import ml.bqx.cost.Workers;
import ml.bqx.launch.dataflow.JobRequest;

/** Makes the jobs of a pair; the same configuration always makes the same names. */
final class JobRequests {
  /** Label with the snapshot time of the warehouse, in milliseconds since 1970. */
  static final String SNAPSHOT_LABEL = "bqx-snapshot";

  static final String SNAPSHOT_TIME = "snapshotTime";

  private final LauncherConfig config;
  private final Pair pair;
  private final JobSplit split;

  /** Requests for the jobs that the work of a pair is divided into. */
  JobRequests(LauncherConfig config, Pair pair, JobSplit split) {
    this.config = config;
    this.pair = pair;
    this.split = split;
  }

  /** Whether the jobs need a common snapshot time that no option sets. */
  static boolean needSnapshot(LauncherConfig config) {
    return JobSplit.isDivisible(config) && !config.parameters().containsKey(SNAPSHOT_TIME);
  }

  /** The numbers of all jobs, from 1. */
  List<Integer> indexes() {
    return IntStream.rangeClosed(1, split.jobs()).boxed().toList();
  }

  String name(int index) {
    String wave = split.jobs() == 1 ? "" : "%dof%d".formatted(index, split.jobs());
    return Stream.of("bqx", config.kind().toString(), pair.name(), wave, config.task().execution())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"));
  }

  String title(int index) {
    String wave = split.jobs() == 1 ? "" : " %d/%d".formatted(index, split.jobs());
    return config.kind() + " " + pair + wave;
  }

  /**
   * Some of the jobs.
   *
   * @param indexes their numbers, some of {@link #indexes}
   * @param snapshot the time as of which they read the warehouse; empty if they need none
   * @param discovery file with what was found there; empty if they are to ask themselves
   */
  List<JobRequest> of(
      List<Integer> indexes, Optional<Instant> snapshot, Optional<String> discovery) {
    List<JobRequest> requests = new ArrayList<>();
    for (int index : indexes) {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("bqx-kind", config.kind().toString());
      labels.put("bqx-pair", pair.name());
      snapshot.ifPresent(time -> labels.put(SNAPSHOT_LABEL, Long.toString(time.toEpochMilli())));

      requests.add(
          new JobRequest(
              name(index),
              title(index),
              split.workers(),
              workersAtStart(),
              parameters(index, snapshot, discovery),
              Map.copyOf(labels)));
    }

    return requests;
  }

  /**
   * An extraction begins with all of them: Dataflow judges by the size of what a step reads, and a
   * list of tables is small. With FlexRS the number is Dataflow's choice.
   */
  private int workersAtStart() {
    boolean chosen =
        config.target() instanceof LaunchTarget.Jobs jobs
            && jobs.settings().workers().start() == Workers.Start.AT_ONCE;
    return chosen && JobSplit.isDivisible(config) ? split.workers() : 0;
  }

  private Map<String, String> parameters(
      int index, Optional<Instant> snapshot, Optional<String> discovery) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (config.kind() == LaunchKind.EXTRACT) {
      parameters.put("warehouse", JobSplit.BIGQUERY);
      parameters.put("extractionWorkers", Integer.toString(split.workers()));
    }

    if (split.jobs() > 1) {
      parameters.put("wave", "%d/%d".formatted(index, split.jobs()));
    }

    snapshot.ifPresent(time -> parameters.put(SNAPSHOT_TIME, time.toString()));
    discovery.ifPresent(file -> parameters.put("discovery", file));
    parameters.putAll(config.pipelineOptions(pair));
    return parameters;
  }
}
