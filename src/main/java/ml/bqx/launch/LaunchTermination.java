package ml.bqx.launch;

import ml.bqx.options.Spelling;

/** What happens to running jobs when their launcher ends before them. */
public enum LaunchTermination {
  /** They continue; the next launch of the same name takes them over. */
  DETACH,
  CANCEL;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
