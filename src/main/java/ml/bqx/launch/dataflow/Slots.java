package ml.bqx.launch.dataflow;

import java.util.ArrayList;
import java.util.List;

/** How many jobs may run at a time, over all pairs of a launcher. */
public final class Slots {
  private final int most;
  private final List<LaunchedJob> jobs = new ArrayList<>();

  public Slots(int most) {
    this.most = most;
  }

  /** Adds a job, which counts while it runs. */
  public void add(LaunchedJob job) {
    jobs.add(job);
  }

  /** Whether one more may be launched. */
  public boolean isFree() {
    return running().size() < most;
  }

  /** The jobs that run. */
  public List<LaunchedJob> running() {
    return jobs.stream().filter(LaunchedJob::isRunning).toList();
  }
}
