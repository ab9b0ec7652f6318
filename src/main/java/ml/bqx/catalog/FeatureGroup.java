package ml.bqx.catalog;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * One table of the warehouse and the columns of it that are features (or targets).
 *
 * @param name the table's name without the pair; for targets {@code targets}
 * @param columns the columns that are features, in the order of the table
 */
public record FeatureGroup(String name, Category category, Table table, List<Column> columns)
    implements Serializable {
  public FeatureGroup {
    columns = List.copyOf(columns);
  }

  /** The same group, whose table was last written at another time. */
  public FeatureGroup modifiedAt(Instant time) {
    return new FeatureGroup(name, category, table.modifiedAt(time), columns);
  }

  /** Whether a glob matches the group's name, or its table's. */
  public boolean matches(String glob) {
    return GroupGlob.of(glob).matches(name, table.name());
  }

  /**
   * The column's name in checkpoint and training file: targets keep theirs, features get a prefix.
   */
  public String featureName(Column column) {
    return category == Category.TARGETS ? column.name() : name + "__" + column.name();
  }
}
