package ml.bqx.catalog;

import java.io.Serializable;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A column of a warehouse table.
 *
 * @param name its name in the warehouse
 * @param sourceType the type as the warehouse spells it, for messages
 * @param type the type as bqx-ml knows it; null when it is unsupported
 */
public record Column(String name, String sourceType, @Nullable ColumnType type)
    implements Serializable {

  boolean isSupported() {
    return type != null;
  }

  /** Whether it is the column of that name; no warehouse distinguishes upper and lower case. */
  boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** The same column, read as another type than its own. */
  Column as(ColumnType other) {
    return new Column(name, sourceType, other);
  }

  /** The type of a column in a catalog, where all types are supported. */
  public ColumnType supportedType() {
    return Objects.requireNonNull(type, name);
  }
}
