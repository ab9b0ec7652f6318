package ml.bqx.catalog;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A table of the warehouse, as discovery found it.
 *
 * @param dataset its dataset (BigQuery) or schema (DuckDB)
 * @param name its name
 * @param columns all columns, in the order of the table
 * @param lastModified when it was last written, or null when the warehouse does not say
 */
public record Table(
    String dataset, String name, List<Column> columns, @Nullable Instant lastModified)
    implements Serializable {
  public Table {
    columns = List.copyOf(columns);
  }

  /** The same table, last written at another time. */
  public Table modifiedAt(Instant time) {
    return new Table(dataset, name, columns, time);
  }

  /** The same table without its columns of unsupported types; its key stays. */
  Table withoutUnsupportedColumns() {
    List<Column> known =
        columns.stream()
            .filter(
                column ->
                    column.isSupported() || column.name().equalsIgnoreCase(Catalog.KEY_COLUMN))
            .toList();
    return new Table(dataset, name, known, lastModified);
  }

  /** {@code dataset.name}, for messages. */
  public String qualifiedName() {
    return dataset + "." + name;
  }
}
