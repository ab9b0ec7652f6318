package ml.bqx.merge.plan;

import com.google.common.collect.SetMultimap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Skipped.Reason;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.UnsupportedTypePolicy;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.Type;

/**
 * The columns of one file: those that are features or targets, and those that are not.
 *
 * @param footer of the file
 * @param values features or targets, in the file's order, in the types that they are merged in
 * @param leftOut names of all others but the key, by reason
 * @param rounded names of those that become the nearest doubles
 */
record FileColumns(
    ParquetFooter footer,
    List<ColumnSchema> values,
    SetMultimap<Reason, String> leftOut,
    List<String> rounded) {
  /**
   * Sorts the columns of a file. The case of the names of key and pair does not count, as in SQL.
   *
   * @param policy what becomes of columns of unsupported types
   * @throws InvalidInputException when there is no key, a name is there twice, or a column is of an
   *     unsupported type and the policy is to fail
   */
  static FileColumns of(ParquetFooter footer, UnsupportedTypePolicy policy) {
    int key = KeyColumn.index(footer);
    Set<String> index = PandasMetadata.indexColumns(footer);
    Set<String> names = new HashSet<>();
    List<ColumnSchema> values = new ArrayList<>();
    List<String> rounded = new ArrayList<>();
    SetMultimap<Reason, String> leftOut = ForeignSet.nothingLeftOut();
    for (int i = 0; i < footer.columns().size(); i++) {
      String name = footer.columns().get(i).name();
      if (!names.add(name)) {
        throw new InvalidInputException(
            "Cannot merge %s: it has two columns named %s; rename or drop one when writing the file"
                .formatted(footer.file(), name));
      } else if (i == key) {
        continue;
      }

      if (name.equalsIgnoreCase(Catalog.PAIR_COLUMN)) {
        leftOut.put(Reason.PAIR_COLUMN, name);
      } else if (index.contains(name)) {
        leftOut.put(Reason.PANDAS_INDEX, name);
      } else if (isUnsupported(footer, footer.columns().get(i), policy)) {
        leftOut.put(Reason.UNSUPPORTED_TYPE, name);
      } else if (policy == UnsupportedTypePolicy.DOUBLE
          && footer.columns().get(i).isWideDecimal()) {
        values.add(ColumnSchema.float64(name));
        rounded.add(name);
      } else {
        values.add(merged(footer.columns().get(i)));
      }
    }

    return new FileColumns(footer, List.copyOf(values), leftOut, List.copyOf(rounded));
  }

  private static boolean isUnsupported(
      ParquetFooter footer, ColumnSchema column, UnsupportedTypePolicy policy) {
    Optional<String> problem = column.problem();
    if (problem.isPresent() && policy == UnsupportedTypePolicy.FAIL) {
      throw new InvalidInputException(
          "Cannot merge %s: column %s %s; leave out such columns with --onUnsupportedType=skip"
              .formatted(footer.file(), column.name(), problem.get()));
    }

    return problem.isPresent();
  }

  /** No reader need know INT96, which the format has given up. */
  private static ColumnSchema merged(ColumnSchema column) {
    return column.physical() == Type.INT96 ? ColumnSchema.timestampMicros(column.name()) : column;
  }
}
