package ml.bqx.config;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import ml.bqx.options.ExtractOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where an extraction reads its tables. */
public sealed interface Source extends Serializable permits BigQueryConfig, EmbeddedFile {
  /** Validates the options; what is wrong is left in the checks. */
  static Source from(ExtractOptions options, Checks checks) {
    String warehouse = options.getWarehouse();
    if (warehouse != null && warehouse.strip().equals(BigQueryConfig.NAME)) {
      return BigQueryConfig.from(options, checks);
    }

    refuse("wave", options.getWave(), checks);
    refuse("snapshotTime", options.getSnapshotTime(), checks);
    refuse("rowFilter", options.getRowFilter(), checks);
    return checks.embeddedFile(warehouse, "bigquery or duckdb:FILE");
  }

  private static void refuse(String option, @Nullable String value, Checks checks) {
    if (value != null) {
      checks.wrong(option, value, "works with --warehouse=bigquery only");
    }
  }

  /** As the manifest names it: {@code bigquery:PROJECT} or {@code duckdb:FILE}. */
  String name();

  /** The parts of the catalog that a run extracts, in that order. */
  List<Wave> wavesToRun();

  /** Moment as of which all tables are read; null when the source keeps no history. */
  @Nullable Instant snapshotTime();
}
