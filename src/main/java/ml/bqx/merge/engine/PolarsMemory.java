package ml.bqx.merge.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;

/** Memory of a merge with Polars: the whole table, while it is joined and while it is written. */
final class PolarsMemory {
  /**
   * How often the table is held: once as a table, and once more on its way to the file. Measured at
   * its peak: 1.27 GB for 0.52 GB of values, 19.1 GB for 9.2 GB.
   */
  private static final double COPIES = 2.2;

  /** Python and Polars themselves, with their threads. */
  private static final long BASE_BYTES = 200_000_000;

  /** Bytes of a decimal, and of a reference to a value stored elsewhere. */
  private static final int VIEW_BYTES = 16;

  private PolarsMemory() {}

  /**
   * Checks that this machine or container has enough memory.
   *
   * @throws InvalidInputException when it has not
   */
  static void check(PlannedMerge merge) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    check(need(merge), system.getTotalMemorySize());
  }

  static void check(long need, long available) {
    if (need > available) {
      throw new InvalidInputException(
          "Cannot merge with polars: it needs about %.1f GB of memory, this machine has %.1f GB; use --mergeMethod=stream, which holds one column at a time, or try anyway with --forcePolars"
              .formatted(need / 1e9, available / 1e9));
    }
  }

  /** Estimated bytes, from the footers. */
  static long need(PlannedMerge merge) throws IOException {
    double table = (double) Long.BYTES * merge.spine().rows();
    for (SourcePlan source : merge.plan().sources()) {
      table += bytes(source, merge);
    }

    return BASE_BYTES + (long) (COPIES * table);
  }

  private static double bytes(SourcePlan source, PlannedMerge merge) throws IOException {
    double bytes = 0;
    try (SourceTable table = SourceTable.open(merge.storage(), source)) {
      for (ColumnSchema column : merge.plan().columns(source)) {
        bytes += (double) merge.spine().rows() * slotBytes(column);
      }

      for (ParquetFooter footer : table.footers()) {
        bytes += textBytes(footer);
      }
    }

    return bytes;
  }

  private static int slotBytes(ColumnSchema column) {
    return switch (column.physical()) {
      case BOOLEAN -> 1;
      case INT32, FLOAT -> Integer.BYTES;
      case INT64, DOUBLE -> Long.BYTES;
      case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> VIEW_BYTES;
    };
  }

  /** Bytes of texts: at least those of the dictionaries and pages that they come from. */
  private static long textBytes(ParquetFooter footer) {
    long bytes = 0;
    for (int column = 0; column < footer.columns().size(); column++) {
      ColumnSchema schema = footer.columns().get(column);
      if (schema.isFlat() && slotBytes(schema) == VIEW_BYTES) {
        for (int group = 0; group < footer.rowGroups(); group++) {
          bytes += footer.chunk(group, column).metadata().getTotal_uncompressed_size();
        }
      }
    }

    return bytes;
  }
}
