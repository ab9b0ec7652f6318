package ml.bqx.merge;

import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.CheckpointOptions;

/**
 * The memory that the footer of a training file takes: it describes every column chunk, and is in
 * memory as a whole until it is written, after all the work.
 */
final class FooterMemory {
  /** Bytes of a chunk in the footer of a file, as measured with 6,484 columns of doubles. */
  private static final int FILE_BYTES = 94;

  /**
   * Bytes of a chunk in memory while the footer is written: 531 for its objects, as measured with
   * 389,040 chunks of doubles, and the file's bytes in a buffer that grows and is copied. With 822
   * bytes a chunk as its whole heap, writing still succeeded; and with 917 a whole merge by {@code
   * stream} of 226 row groups of 6,478 columns, which are 1.46 million chunks.
   */
  private static final int MEMORY_BYTES = 900;

  private FooterMemory() {}

  /**
   * Makes sure that the footer can be written.
   *
   * @param memory bytes that this process may use
   * @throws InvalidInputException when it has too little, naming rows of a row group that will do
   */
  static void check(PlannedMerge merge, long memory) {
    check(
        merge.plan().columns().size(), merge.spine().rows(), merge.config().rowGroupRows(), memory);
  }

  static void check(long columns, long spineRows, int rowGroupRows, long memory) {
    long blocks = (spineRows + rowGroupRows - 1) / rowGroupRows;
    long chunks = columns * blocks;
    if (chunks * MEMORY_BYTES <= memory) {
      return;
    }

    long rowGroups = Math.max(1, memory / MEMORY_BYTES / columns);
    long rows = (spineRows + rowGroups - 1) / rowGroups;
    String remedy =
        rowGroups * columns * MEMORY_BYTES <= memory
                && rows <= CheckpointOptions.MOST_ROW_GROUP_ROWS
            ? "make fewer row groups with --rowGroupRows=%d or more, or give it more memory (java -Xmx)"
                .formatted(rows)
            : "give it more memory (java -Xmx)";
    throw new InvalidInputException(
        "Cannot merge: %,d columns in %,d row groups of %,d rows make a footer of about %,d MB, which takes %,d MB of memory, and this process may use %,d MB; %s"
            .formatted(
                columns,
                blocks,
                rowGroupRows,
                chunks * FILE_BYTES / 1_000_000,
                chunks * MEMORY_BYTES / 1_000_000,
                memory / 1_000_000,
                remedy));
  }
}
