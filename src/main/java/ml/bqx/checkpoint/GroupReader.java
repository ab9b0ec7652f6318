package ml.bqx.checkpoint;

import java.io.IOException;

/** Reads the rows of one feature group's table. */
@FunctionalInterface
public interface GroupReader {
  /** The rows inside the range, with the group's columns in their order. */
  ColumnBatch read(TimeRange range) throws IOException;
}
