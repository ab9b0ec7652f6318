package ml.bqx.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.cli.Summary;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.training.JoinCounts;

/**
 * A merge method at work on one plan. {@link MergeRun} prepares it, runs it once and closes it;
 * verifying and publishing its result, and deleting its {@link Workspace}, is not the method's job.
 */
public interface Merge extends Closeable {
  /** Prepares a method. */
  @FunctionalInterface
  interface Factory {
    /**
     * Prepares the method for a plan: nothing is written, and nothing costs money yet.
     *
     * @throws ml.bqx.failure.InvalidInputException when the method cannot do what is planned
     */
    Merge prepare(MergePlan plan, Workspace workspace) throws IOException;
  }

  /** State of the training file when the method returns. */
  sealed interface Result {}

  /**
   * {@link Workspace#trainingFile} is complete, to be verified and published.
   *
   * @param crc32c of its bytes, 8 hex digits
   * @param counts what joining has filled and dropped
   */
  record Written(TrainingFile file, String crc32c, JoinCounts counts) implements Result {}

  /**
   * The pipeline's workers have published the file, so that the launching process need not wait.
   */
  record Published() implements Result {}

  /** A service continues the merge, and cleans up by itself. */
  record Submitted() implements Result {}

  /** The steps it is going to run, one line each, shown before it runs. */
  default List<String> outline() {
    return List.of();
  }

  /** Writes the training file and shows progress. */
  Result run() throws IOException;

  /** The cost so far, shown after success and failure. */
  default Optional<Summary> billed() {
    return Optional.empty();
  }

  /**
   * Stops what still runs, and deletes what was made outside the workspace. It is called after
   * {@link #run}, also when that has failed, and during it by another thread when the process is
   * being stopped; a second call does nothing.
   */
  @Override
  default void close() throws IOException {}
}
