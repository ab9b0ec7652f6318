package ml.bqx.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.failure.Problem;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Collects every reason why a pair's tables are not a training set, to report them together. */
final class CatalogCheck {
  /** Names that no warehouse, Parquet reader or data frame needs quotes for. */
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Enough names to see the pattern of the others. */
  private static final int MAX_SIMILAR = 5;

  private final Pair pair;
  private final List<String> problems = new ArrayList<>();

  CatalogCheck(Pair pair) {
    this.pair = pair;
  }

  /** Finds and checks the table of targets; null when there is none. */
  @Nullable FeatureGroup targets(Dataset analytics) {
    String name = Catalog.targetsTable(pair);
    for (Table table : analytics.tables()) {
      if (table.name().equals(name)) {
        FeatureGroup targets =
            new FeatureGroup("targets", Category.TARGETS, table, Catalog.values(table));
        table(targets);
        return targets;
      }
    }

    List<String> similar =
        analytics.tables().stream()
            .map(Table::name)
            .filter(CatalogCheck::likeTargets)
            .sorted()
            .toList();
    problems.add(
        "Cannot find the targets of %s: no table %s.%s (%s)"
            .formatted(
                pair,
                analytics.name(),
                name,
                similar.isEmpty()
                    ? "and no similar name among %d".formatted(analytics.tables().size())
                    : "there is " + Listing.inWords(similar, MAX_SIMILAR)));
    return null;
  }

  /** Checks every group, and that there is one. */
  void groups(
      Dataset features, List<FeatureGroup> groups, List<Skipped> skipped, String groupsGlob) {
    groups.forEach(this::table);
    if (!groups.isEmpty()) {
      return;
    }

    boolean excluded =
        skipped.stream().anyMatch(left -> left.reason() == Skipped.Reason.NOT_MATCHED);
    problems.add(
        excluded
            ? "Cannot find feature groups of %s in %s: the glob matches none (%s)"
                .formatted(pair, features.name(), groupsGlob)
            : "Cannot find feature groups of %s in %s: none of its %d tables belongs to the pair%s"
                .formatted(
                    pair,
                    features.name(),
                    features.tables().size(),
                    skipped.isEmpty() ? "" : " (%s)".formatted(Skipped.inWords(skipped))));
  }

  /** Checks that no two groups, and no two columns, get the same name. */
  void names(@Nullable FeatureGroup targets, List<FeatureGroup> groups) {
    Map<String, String> columns = new HashMap<>();
    columns.put(Catalog.KEY_COLUMN, "the key column");
    if (targets != null) {
      featureNames(targets, columns);
    }

    Map<String, FeatureGroup> byName = new HashMap<>();
    for (FeatureGroup group : groups) {
      FeatureGroup first = byName.putIfAbsent(folded(group.name()), group);
      if (first == null) {
        featureNames(group, columns);
      } else {
        // Their columns would most likely clash too, which this already says.
        problems.add(
            "Cannot use two groups named %s: %s and %s have the same name without the pair"
                .formatted(
                    group.name(), first.table().qualifiedName(), group.table().qualifiedName()));
      }
    }
  }

  /** Throws all problems as one, if there are any. */
  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems.stream().map(Problem::of).toList());
    }
  }

  private void table(FeatureGroup group) {
    Table table = group.table();
    if (!IDENTIFIER.matcher(table.name()).matches()) {
      problems.add(
          "Cannot use table %s: its name is not letters, digits and underscores"
              .formatted(table.qualifiedName()));
    } else if (!IDENTIFIER.matcher(group.name()).matches()) {
      problems.add(
          "Cannot name the group of table %s: its name without the pair is not a valid name (%s)"
              .formatted(table.qualifiedName(), group.name()));
    }

    key(table);
    if (group.columns().isEmpty()) {
      problems.add(
          "Cannot use table %s: it has no columns besides %s and %s"
              .formatted(table.qualifiedName(), Catalog.KEY_COLUMN, Catalog.PAIR_COLUMN));
    }

    group.columns().forEach(column -> column(table, column));
  }

  private void key(Table table) {
    for (Column column : table.columns()) {
      if (column.name().equalsIgnoreCase(Catalog.KEY_COLUMN)) {
        if (!column.isSupported() || column.supportedType().kind() != ColumnType.Kind.TIMESTAMP) {
          problems.add(
              "Cannot join table %s: its key column %s is a %s, not a TIMESTAMP"
                  .formatted(table.qualifiedName(), column.name(), column.sourceType()));
        }

        return;
      }
    }

    problems.add(
        "Cannot join table %s: it has no key column %s"
            .formatted(table.qualifiedName(), Catalog.KEY_COLUMN));
  }

  private void column(Table table, Column column) {
    if (!IDENTIFIER.matcher(column.name()).matches()) {
      problems.add(
          "Cannot use column %s.%s: its name is not letters, digits and underscores"
              .formatted(table.qualifiedName(), column.name()));
    }

    if (!column.isSupported()) {
      problems.add(
          "Cannot use column %s.%s: unsupported feature type (%s)"
              .formatted(table.qualifiedName(), column.name(), column.sourceType()));
    }
  }

  private void featureNames(FeatureGroup group, Map<String, String> taken) {
    for (Column column : group.columns()) {
      String source = group.table().qualifiedName() + "." + column.name();
      String first = taken.putIfAbsent(folded(group.featureName(column)), source);
      if (first != null) {
        problems.add(
            "Cannot use two columns named %s: %s and %s"
                .formatted(group.featureName(column), first, source));
      }
    }
  }

  /** SQL engines fold the case of column names, so names that differ only in case clash too. */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static boolean likeTargets(String table) {
    return folded(table).contains("target");
  }
}
