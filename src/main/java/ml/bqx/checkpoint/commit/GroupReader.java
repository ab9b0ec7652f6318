package ml.bqx.checkpoint.commit;

import java.io.IOException;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;

/** Reads the rows of one feature group's table. */
@FunctionalInterface
public interface GroupReader {
  /** The rows inside the range, with the group's columns in their order. */
  ColumnBatch read(TimeRange range) throws IOException;
}
