package ml.bqx.launch;

import ml.bqx.options.Spelling;

/** Which of the two jobs of a pair is launched. */
public enum LaunchKind {
  /** From the warehouse to checkpoints. */
  EXTRACT,
  /** From checkpoints to the training file. */
  MERGE;

  /** As it is written on the command line, and in the names of jobs. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
