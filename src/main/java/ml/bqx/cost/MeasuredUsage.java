package ml.bqx.cost;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;

/** Actual usage of a run. */
public final class MeasuredUsage {
  private static final double BYTES_PER_GIB = 1L << 30;

  /** https://cloud.google.com/bigquery/pricing#data: FLOAT64, INT64, TIMESTAMP and DATE. */
  private static final int BYTES_PER_VALUE = 8;

  private MeasuredUsage() {}

  /** This container for a time, with the vCPUs and the memory that it has. */
  public static Usage container(Duration duration) {
    Runtime runtime = Runtime.getRuntime();
    // The JDK's own bean, which knows the limits of a container.
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : runtime.maxMemory();
    return Usage.container(
        duration.toMillis() / 1000.0, runtime.availableProcessors(), memory / BYTES_PER_GIB);
  }

  /** The bytes that BigQuery bills for reading the tables of a manifest. */
  public static Usage storageRead(Manifest manifest) {
    return Usage.storageRead(
        manifest.checkpoints().stream().mapToDouble(MeasuredUsage::bytesRead).sum());
  }

  private static double bytesRead(CheckpointEntry entry) {
    double row = BYTES_PER_VALUE;
    for (CheckpointEntry.ColumnEntry column : entry.columns()) {
      row += bytes(column.type());
    }

    return entry.rowsRead() * row;
  }

  /** As BigQuery counts; the lengths of strings, which are rare, are unknown here. */
  private static double bytes(String type) {
    if (type.equals("BOOL")) {
      return 1;
    }

    return type.startsWith("NUMERIC") ? 2 * BYTES_PER_VALUE : BYTES_PER_VALUE;
  }
}
