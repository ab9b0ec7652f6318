package ml.bqx.warehouse;

import java.io.Serializable;
import ml.bqx.catalog.FeatureGroup;

/**
 * A feature group's table as it was at discovery.
 *
 * @param group the group; its table's time of change is not later than the moment that is read
 * @param isView whether only a query can read it
 * @param rows rows of all of it by its own metadata, which leave out those of a streaming buffer;
 *     once they are counted, those that a read brings; or {@link #UNKNOWN_ROWS}
 * @param filter condition in SQL that every read sends; empty when there is none
 * @param hiddenRows rows of the table that its row access policies hide from this account
 */
public record DiscoveredTable(
    FeatureGroup group, boolean isView, long rows, String filter, long hiddenRows)
    implements Serializable {
  /** When nobody counted them. */
  public static final long UNKNOWN_ROWS = -1;

  /** A table of which nothing more is known than the catalog says. */
  public static DiscoveredTable of(FeatureGroup group) {
    return new DiscoveredTable(group, false, UNKNOWN_ROWS, "", 0);
  }

  /** The same table, of which a read brings so many rows. */
  public DiscoveredTable bringing(long counted) {
    return new DiscoveredTable(group, isView, counted, filter, hiddenRows);
  }

  /** The same table, of which this account sees so many rows. */
  public DiscoveredTable showing(long visible) {
    long hidden = rows == UNKNOWN_ROWS ? 0 : Math.max(0, rows - visible);
    return new DiscoveredTable(group, isView, visible, filter, hidden);
  }

  /** The table's name with its dataset. */
  public String name() {
    return group.table().qualifiedName();
  }
}
