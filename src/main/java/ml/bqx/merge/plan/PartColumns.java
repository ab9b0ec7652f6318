package ml.bqx.merge.plan;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.CommonType;
import ml.bqx.parquet.ParquetFooter;

/**
 * The columns of a table whose parts are several files.
 *
 * @param all each once, in the order in which the parts have them
 * @param filled names of those that a part lacks
 * @param widened those that parts have in several types, in words
 */
record PartColumns(Collection<ColumnSchema> all, Set<String> filled, List<String> widened) {
  /**
   * Unites the columns of all parts.
   *
   * @param union whether a part may lack columns of others, or have them in a narrower type
   * @throws InvalidInputException when one lacks a column, or has it in another type
   */
  static PartColumns of(List<FileColumns> parts, boolean union) {
    Map<String, ColumnSchema> all = new LinkedHashMap<>();
    Map<String, ParquetFooter> origins = new LinkedHashMap<>();
    Map<String, String> widened = new LinkedHashMap<>();
    for (FileColumns part : parts) {
      for (ColumnSchema column : part.values()) {
        ColumnSchema known = all.get(column.name());
        ParquetFooter origin = origins.get(column.name());
        // Nulls go with any type: a part without a value has none of its own.
        if (known == null || origin == null || known.isAlwaysNull()) {
          all.put(column.name(), column);
          origins.put(column.name(), part.footer());
        } else if (!column.isAlwaysNull() && !CommonType.isSame(known, column)) {
          ColumnSchema wider = wider(part.footer(), column, origin, known, union);
          all.put(column.name(), wider);
          widened.put(column.name(), "%s is %s".formatted(column.name(), CommonType.name(wider)));
        }
      }
    }

    return new PartColumns(
        all.values(), filled(parts, all, origins, union), List.copyOf(widened.values()));
  }

  private static ColumnSchema wider(
      ParquetFooter file,
      ColumnSchema column,
      ParquetFooter origin,
      ColumnSchema known,
      boolean union) {
    Optional<ColumnSchema> wider = CommonType.of(known, column);
    if (union && wider.isPresent()) {
      return wider.get();
    }

    throw new InvalidInputException(
        "Cannot merge %s: column %s is %s, in %s it is %s; %s"
            .formatted(
                file.file(),
                column.name(),
                CommonType.name(column),
                origin.file(),
                CommonType.name(known),
                wider
                    .map(
                        type -> "--union makes it %s in all parts".formatted(CommonType.name(type)))
                    .orElse("write it in one type in all parts")));
  }

  private static Set<String> filled(
      List<FileColumns> parts,
      Map<String, ColumnSchema> all,
      Map<String, ParquetFooter> origins,
      boolean union) {
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

    return filled;
  }
}
