package ml.bqx.verify;

import static ml.bqx.verify.WarehouseCheck.TRAINING_FILE;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.verify.WarehouseComparison.Difference;
import ml.bqx.warehouse.duckdb.DuckDbTypes;

/** Compares the columns of a training file, but not their values, with those of the warehouse. */
final class ColumnComparison {
  private final CheckedFile file;
  private final Map<String, String> found;
  private final FeatureGroup targets;
  private final List<Difference> differences = new ArrayList<>();
  private final Set<String> comparable = new HashSet<>();
  private int notChosen;

  private ColumnComparison(CheckedFile file, FeatureGroup targets) throws SQLException {
    this.file = file;
    this.found = file.columns();
    this.targets = targets;
  }

  /**
   * Compares them.
   *
   * @param groups all that the file may have, the targets first
   */
  static ColumnComparison of(CheckedFile file, FeatureGroup targets, List<FeatureGroup> groups)
      throws SQLException {
    ColumnComparison comparison = new ColumnComparison(file, targets);
    comparison.checkNames(groups);
    comparison.checkChosen();
    return comparison;
  }

  /** What is wrong. */
  List<Difference> differences() {
    return differences;
  }

  /** Names of the columns whose values can be compared. */
  Set<String> comparable() {
    return comparable;
  }

  /** Columns of the warehouse that were not chosen for the file. */
  int notChosen() {
    return notChosen;
  }

  /** Whether the file has the key, without which no values can be compared. */
  boolean hasKey() {
    return found.containsKey(Catalog.KEY_COLUMN);
  }

  /**
   * Compares names, order and types; a missing column, or one of another type, has no values to
   * compare. Numbers of unsupported types may be there as doubles, or not at all.
   */
  private void checkNames(List<FeatureGroup> groups) {
    List<String> expected = new ArrayList<>(List.of(Catalog.KEY_COLUMN));
    if (file.hasPair()) {
      expected.add(Catalog.PAIR_COLUMN);
    }

    for (FeatureGroup group : groups) {
      for (Column column : group.columns()) {
        String name = group.featureName(column);
        String type = found.get(name);
        if (type == null && DuckDbTypes.of(column.sourceType()) == null) {
          continue; // Of an unsupported type, and left out when it was extracted.
        }

        if (type == null && file.choice().isPresent()) {
          notChosen++;
          continue;
        }

        expected.add(name);
        if (type == null) {
          differ(group, column, "is missing");
        } else if (!file.type(column).equals(DuckDbTypes.of(type))) {
          differ(group, column, "is a %s, not a %s".formatted(type, file.type(column)));
        } else {
          comparable.add(name);
        }
      }
    }

    if (!found.containsKey(Catalog.KEY_COLUMN)) {
      differences.add(new Difference(TRAINING_FILE, Catalog.KEY_COLUMN, "is missing"));
    }

    Set<String> unexpected = new LinkedHashSet<>(found.keySet());
    expected.forEach(unexpected::remove);
    unexpected.forEach(
        name ->
            differences.add(new Difference(TRAINING_FILE, name, "is not in any feature group")));
    if (file.choice().isEmpty() || file.choice().get().isInOrderOfContract()) {
      checkOrder(expected, List.copyOf(found.keySet()));
    }
  }

  /** A column that was not chosen is not missing, so the number of columns has to be right. */
  private void checkChosen() {
    if (file.choice().isPresent()) {
      String chosen =
          "%s targets and %s features"
              .formatted(
                  file.keyValues().get(FooterKeys.TARGETS),
                  file.keyValues().get(FooterKeys.FEATURES));
      long targetCount =
          targets.columns().stream().map(targets::featureName).filter(comparable::contains).count();
      String has =
          "%d targets and %d features".formatted(targetCount, comparable.size() - targetCount);
      if (!has.equals(chosen)) {
        differences.add(
            new Difference(
                TRAINING_FILE, "columns", "has %s, its footer says %s".formatted(has, chosen)));
      }
    }
  }

  private void checkOrder(List<String> expected, List<String> names) {
    List<String> should = expected.stream().filter(names::contains).toList();
    List<String> is = names.stream().filter(expected::contains).toList();
    for (int i = 0; i < should.size(); i++) {
      if (!should.get(i).equals(is.get(i))) {
        differences.add(
            new Difference(
                TRAINING_FILE, is.get(i), "is where %s should be".formatted(should.get(i))));
        return;
      }
    }
  }

  private void differ(FeatureGroup group, Column column, String what) {
    differences.add(new Difference(group.table().qualifiedName(), group.featureName(column), what));
  }
}
