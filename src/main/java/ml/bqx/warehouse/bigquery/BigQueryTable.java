package ml.bqx.warehouse.bigquery;

import java.io.Serializable;
import ml.bqx.catalog.FeatureGroup;

/**
 * A feature group's table in BigQuery, as it was at discovery.
 *
 * @param group the group, its table's time of change not later than the snapshot
 * @param isView whether only a query can read it
 * @param rows rows of the table at the snapshot; -1 when that is not known
 * @param bytes size of the table, all columns
 */
public record BigQueryTable(FeatureGroup group, boolean isView, long rows, long bytes)
    implements Serializable {
  /** When rows were written after the snapshot, or the table is a view. */
  public static final long UNKNOWN_ROWS = -1;
}
