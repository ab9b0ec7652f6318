package ml.bqx.launch;

import java.util.ArrayList;
import java.util.List;

/** How many jobs may run at a time, over all pairs of a launcher. */
final class Slots {
  private final int most;
  private final List<LaunchedJob> jobs = new ArrayList<>();

  Slots(int most) {
    this.most = most;
  }

  /** Counts a job from now on, while it runs. */
  void add(LaunchedJob job) {
    jobs.add(job);
  }

  /** Whether one more may be launched. */
  boolean isFree() {
    return running().size() < most;
  }

  /** The jobs that run. */
  List<LaunchedJob> running() {
    return jobs.stream().filter(LaunchedJob::isRunning).toList();
  }
}
