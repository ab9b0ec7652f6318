package ml.bqx.checkpoint.commit;

import java.io.Closeable;
import java.io.IOException;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;

/** Reads the rows of one feature group's table. */
@FunctionalInterface
public interface GroupReader extends Closeable {
  /**
   * The rows inside the range, with the group's columns in their order: until the next read, or
   * until this is closed.
   */
  ColumnBatch read(TimeRange range) throws IOException;

  /** Ends the use of what was read. */
  @Override
  default void close() throws IOException {}
}
