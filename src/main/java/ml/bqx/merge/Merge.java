package ml.bqx.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.cli.Summary;

/**
 * A merge method at work on one plan. {@link MergeRun} prepares it, runs it once and closes it;
 * verifying and publishing what it has written, and deleting its {@link Workspace}, is not the
 * method's business.
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

  /** How far the training file is when the method returns. */
  sealed interface Result {}

  /**
   * The file is complete under {@link Workspace#trainingFile}, to be verified and published.
   *
   * @param crc32c of its bytes, 8 hex digits
   */
  record Written(TrainingFile file, String crc32c, JoinCounts counts) implements Result {}

  /** A pipeline has published the file: its workers do, so that nobody has to wait for them. */
  record Published(JoinCounts counts) implements Result {}

  /** A service goes on with the merge, and cleans up itself. */
  record Submitted() implements Result {}

  /** What it is going to do, a line each, to be shown before it runs. */
  default List<String> outline() {
    return List.of();
  }

  /** Makes the training file, and shows how far it is. */
  Result run() throws IOException;

  /** What it has cost so far, to be shown when it has run or failed. */
  default Optional<Summary> billed() {
    return Optional.empty();
  }

  /**
   * Stops what still runs, and deletes what was made outside the workspace. It is called after
   * {@link #run}, also when that has failed, and during it by another thread when the process is
   * told to stop; a second call does nothing.
   */
  @Override
  default void close() throws IOException {}
}
