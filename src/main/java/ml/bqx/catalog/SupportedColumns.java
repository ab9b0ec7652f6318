package ml.bqx.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.failure.InvalidInputException;

/**
 * Tables without their columns of unsupported types, and what became of these.
 *
 * @param asDouble which of them are read as doubles instead of left out
 */
record SupportedColumns(Predicate<Column> asDouble) {
  /** The feature tables that have columns left. One that had none before is kept, as an error. */
  Dataset features(Dataset dataset) {
    return new Dataset(
        dataset.name(),
        dataset.tables().stream().filter(table -> !isEmptied(table)).map(this::of).toList());
  }

  /**
   * The tables of targets.
   *
   * @throws InvalidInputException when the pair's has no columns left
   */
  Dataset targets(Dataset dataset, Pair pair) {
    for (Table table : dataset.tables()) {
      if (table.name().equals(Catalog.targetsTable(pair)) && isEmptied(table)) {
        throw new InvalidInputException(
            "Cannot use table %s: all of its columns are of unsupported types (%s)"
                .formatted(
                    table.qualifiedName(),
                    Catalog.values(table).stream()
                        .map(column -> column.name() + " " + column.sourceType())
                        .collect(Collectors.joining(", "))));
      }
    }

    return new Dataset(dataset.name(), dataset.tables().stream().map(this::of).toList());
  }

  /** The catalog, with all that became of columns; given the datasets as they were found. */
  Catalog counted(Catalog catalog, Dataset features, Dataset analytics, GroupGlob glob) {
    Map<String, Table> found =
        Stream.of(features, analytics)
            .flatMap(dataset -> dataset.tables().stream())
            .collect(Collectors.toMap(Table::qualifiedName, Function.identity(), (a, b) -> a));
    List<Table> tables =
        catalog.all().stream().map(group -> found.get(group.table().qualifiedName())).toList();
    List<Skipped> skipped = new ArrayList<>(catalog.skipped());
    add(
        skipped,
        Skipped.Reason.NO_COLUMNS,
        features.tables().stream()
            .filter(this::isEmptied)
            .map(Table::name)
            .filter(
                name ->
                    Classification.of(catalog.pair(), name, glob) instanceof Classification.Picked)
            .sorted()
            .toList());
    add(skipped, Skipped.Reason.UNSUPPORTED_TYPE, unsupported(tables, asDouble.negate()));
    return new Catalog(
        catalog.pair(),
        catalog.targets(),
        catalog.groups(),
        skipped,
        unsupported(tables, asDouble));
  }

  private static void add(List<Skipped> skipped, Skipped.Reason reason, List<String> names) {
    if (!names.isEmpty()) {
      skipped.add(new Skipped(reason, names));
    }
  }

  private static List<String> unsupported(List<Table> tables, Predicate<Column> which) {
    return tables.stream()
        .flatMap(
            table ->
                Catalog.values(table).stream()
                    .filter(column -> !column.isSupported())
                    .filter(which)
                    .map(column -> table.qualifiedName() + "." + column.name()))
        .sorted()
        .toList();
  }

  /** The key stays, whatever it is: a key that cannot be joined is an error of its own. */
  private Table of(Table table) {
    List<Column> columns = new ArrayList<>();
    for (Column column : table.columns()) {
      if (column.isSupported() || column.isNamed(Catalog.KEY_COLUMN)) {
        columns.add(column);
      } else if (asDouble.test(column)) {
        columns.add(column.as(ColumnType.of(ColumnType.Kind.FLOAT64)));
      }
    }

    return table.withColumns(columns);
  }

  private boolean isEmptied(Table table) {
    return !Catalog.values(table).isEmpty() && Catalog.values(of(table)).isEmpty();
  }
}
