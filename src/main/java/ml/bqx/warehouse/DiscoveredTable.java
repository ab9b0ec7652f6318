package ml.bqx.warehouse;

import java.io.Serializable;
import ml.bqx.catalog.FeatureGroup;

/**
 * A feature group's table as it was at discovery.
 *
 * @param group the group; its table's time of change is not later than the moment that is read
 * @param isView whether only a query can read it
 * @param rows rows of the table at that moment, or {@link #UNKNOWN_ROWS}
 */
public record DiscoveredTable(FeatureGroup group, boolean isView, long rows)
    implements Serializable {
  /** When nobody counted them. */
  public static final long UNKNOWN_ROWS = -1;

  /** The table's name with its dataset. */
  public String name() {
    return group.table().qualifiedName();
  }
}
