package ml.bqx.merge.plan;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;

/**
 * The columns of a table whose parts are several files.
 *
 * @param all each once, in the order in which the parts have them
 * @param filled names of those that a part lacks
 */
record PartColumns(Collection<ColumnSchema> all, Set<String> filled) {
  /**
   * Unites the columns of all parts.
   *
   * @param union whether a part may lack columns of others
   * @throws InvalidInputException when one lacks a column, or has it in another type
   */
  static PartColumns of(List<FileColumns> parts, boolean union) {
    Map<String, ColumnSchema> all = new LinkedHashMap<>();
    Map<String, ParquetFooter> origins = new LinkedHashMap<>();
    for (FileColumns part : parts) {
      for (ColumnSchema column : part.values()) {
        ColumnSchema known = all.get(column.name());
        ParquetFooter origin = origins.get(column.name());
        // Nulls go with any type: a part without a value has none of its own.
        if (known == null || origin == null || known.isAlwaysNull()) {
          all.put(column.name(), column);
          origins.put(column.name(), part.footer());
        } else if (!column.isAlwaysNull() && !known.sameType(column)) {
          throw new InvalidInputException(
              "Cannot merge %s: column %s is %s, in %s it is %s"
                  .formatted(
                      part.footer().file(),
                      column.name(),
                      column.typeName(),
                      origin.file(),
                      known.typeName()));
        }
      }
    }

    Set<String> filled = new LinkedHashSet<>();
    for (FileColumns part : parts) {
      Set<String> missing = new LinkedHashSet<>(all.keySet());
      part.values().forEach(column -> missing.remove(column.name()));
      for (String name : missing) {
        ParquetFooter origin = origins.get(name);
        if (!union && origin != null) {
          throw new InvalidInputException(
              "Cannot merge %s: column %s is missing, which %s has; --union fills it with nulls"
                  .formatted(part.footer().file(), name, origin.file()));
        }
      }

      filled.addAll(missing);
    }

    return new PartColumns(all.values(), filled);
  }
}
