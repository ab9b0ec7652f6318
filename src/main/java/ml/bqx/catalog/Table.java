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
 * @param revision what else distinguishes one state of the table from another; empty when the time
 *     does
 */
public record Table(
    String dataset,
    String name,
    List<Column> columns,
    @Nullable Instant lastModified,
    String revision)
    implements Serializable {
  public Table {
    columns = List.copyOf(columns);
  }

  /** A table whose state is identified by the time of its last change. */
  public Table(String dataset, String name, List<Column> columns, @Nullable Instant lastModified) {
    this(dataset, name, columns, lastModified, "");
  }

  /** The same table, last written at another time. */
  public Table modifiedAt(Instant time) {
    return new Table(dataset, name, columns, time);
  }

  /** The same table with other columns. */
  Table withColumns(List<Column> others) {
    return new Table(dataset, name, others, lastModified, revision);
  }

  /** {@code dataset.name}, for messages. */
  public String qualifiedName() {
    return dataset + "." + name;
  }
}
