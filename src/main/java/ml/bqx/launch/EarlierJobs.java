package ml.bqx.launch;

import com.google.api.services.dataflow.model.Job;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.dataflow.DataflowJobs;
import ml.bqx.launch.dataflow.JobState;

/**
 * The jobs that bear the names of those that a pair needs: of an earlier attempt, or of another
 * launcher.
 */
final class EarlierJobs {
  private final DataflowJobs dataflow;
  private final LaunchTask task;

  /** By the place of its name, the newest job that has it. */
  private final List<Optional<Job>> newest;

  private EarlierJobs(DataflowJobs dataflow, LaunchTask task, List<Optional<Job>> newest) {
    this.dataflow = dataflow;
    this.task = task;
    this.newest = newest;
  }

  /** Asks Dataflow for the jobs of these names. */
  static EarlierJobs of(DataflowJobs dataflow, LaunchTask task, List<String> names)
      throws IOException {
    List<Optional<Job>> newest = new ArrayList<>();
    for (String name : names) {
      newest.add(dataflow.named(name).stream().findFirst());
    }

    return new EarlierJobs(dataflow, task, newest);
  }

  /** A job that is being cancelled or drained, and keeps its name until it has ended. */
  Optional<Job> leaving() {
    return newest.stream()
        .flatMap(Optional::stream)
        .filter(
            job -> JobState.of(job) == JobState.CANCELLING || JobState.of(job) == JobState.DRAINING)
        .findFirst();
  }

  /** For each name, in their order, the job that belongs to this launch. */
  List<Optional<Job>> taken() throws IOException {
    List<Optional<Job>> taken = new ArrayList<>();
    for (Optional<Job> job : newest) {
      taken.add(job.isPresent() && isTaken(job.get()) ? job : Optional.empty());
    }

    return taken;
  }

  /**
   * Whether a job belongs to this launch: it runs, or an earlier attempt has seen it done, or
   * failed for its input, which another launch would not change.
   */
  private boolean isTaken(Job job) throws IOException {
    JobState state = JobState.of(job);
    if (!state.isEnd()) {
      return true;
    }

    return task.isInCloudRun() && (state == JobState.DONE || dataflow.failedForItsInput(job));
  }

  /**
   * The time as of which the first of the jobs reads the warehouse.
   *
   * @param taken those of {@link #taken}
   * @throws InvalidInputException when its label does not hold it
   */
  Optional<Instant> snapshot(Pair pair, List<Optional<Job>> taken) throws IOException {
    Optional<Job> first =
        (task.isInCloudRun() ? newest : taken).stream().flatMap(Optional::stream).findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }

    String label = dataflow.labels(first.get().getId()).get(JobRequests.SNAPSHOT_LABEL);
    if (label == null || !label.matches("\\d{1,15}")) {
      throw new InvalidInputException(
          "Cannot launch extract %s beside job %s: its label %s does not hold the snapshot time; wait until it has ended, or cancel it"
              .formatted(pair, first.get().getName(), JobRequests.SNAPSHOT_LABEL));
    }

    return Optional.of(Instant.ofEpochMilli(Long.parseLong(label)));
  }
}
