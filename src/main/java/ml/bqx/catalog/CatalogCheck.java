package ml.bqx.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.failure.Problem;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Collects every reason why a pair's tables are not a training set, to report them together. */
final class CatalogCheck {
  /** Enough names to see the pattern of the others. */
  private static final int MAX_SIMILAR = 5;

  /**
   * Characters of a table's name that fit into the 255 bytes of a file's name, beside the parts
   * that distinguish attempts and shards.
   */
  private static final int MAX_NAME = 180;

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

    List<String> shards =
        DateShards.of(analytics.tables().stream().map(Table::name).toList())
            .getOrDefault(name, List.of());
    if (!shards.isEmpty()) {
      shards(analytics.name(), name, shards);
      return null;
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
    DateShards.of(groups.stream().map(group -> group.table().name()).toList())
        .forEach(
            (whole, shards) -> {
              // One alone may be what its date says: a table as of a day.
              if (shards.size() > 1) {
                shards(features.name(), whole, shards);
              }
            });
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

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems.stream().map(Problem::of).toList());
    }
  }

  private void table(FeatureGroup group) {
    Table table = group.table();
    if (!Identifier.isValid(table.name())) {
      problems.add(
          "Cannot use table %s: its name is not %s; make a view with another name"
              .formatted(table.qualifiedName(), Identifier.RULE));
    } else if (!Identifier.isValid(group.name())) {
      problems.add(
          "Cannot name the group of table %s: its name without the pair is not a valid name (%s)"
              .formatted(table.qualifiedName(), group.name()));
    }

    if (table.name().length() > MAX_NAME) {
      problems.add(
          "Cannot use table %s: its name has %d characters, and a file's name has room for %d of them; make a view with a shorter name"
              .formatted(table.qualifiedName(), table.name().length(), MAX_NAME));
    }

    key(table);
    onlyOne(table, Catalog.KEY_COLUMN);
    onlyOne(table, Catalog.PAIR_COLUMN);
    if (group.columns().isEmpty()) {
      problems.add(
          "Cannot use table %s: it has no columns besides %s and %s"
              .formatted(table.qualifiedName(), Catalog.KEY_COLUMN, Catalog.PAIR_COLUMN));
    }

    group.columns().forEach(column -> column(table, column));
  }

  private void shards(String dataset, String whole, List<String> shards) {
    problems.add(
        "Cannot use %s each as a table of its own: they are shards of one table by date; make a view %s.%s of all their rows (UNION ALL), which is read instead of them"
            .formatted(Listing.inWords(shards, MAX_SIMILAR), dataset, whole));
  }

  private void key(Table table) {
    List<Column> keys =
        table.columns().stream().filter(column -> column.isNamed(Catalog.KEY_COLUMN)).toList();
    if (keys.isEmpty()) {
      problems.add(
          "Cannot join table %s: it has no key column %s; make a view that has one"
              .formatted(table.qualifiedName(), Catalog.KEY_COLUMN));
      return;
    }

    Column key = keys.get(0);
    if (!key.isSupported() || key.supportedType().kind() != ColumnType.Kind.TIMESTAMP) {
      problems.add(
          "Cannot join table %s: its key column %s is a %s, not a TIMESTAMP; %s"
              .formatted(
                  table.qualifiedName(),
                  key.name(),
                  key.sourceType(),
                  key.sourceType().equals("DATETIME")
                      ? "a DATETIME has no time zone: make a view with TIMESTAMP(%s, 'UTC')"
                          .formatted(key.name())
                      : "make a view that converts it"));
    }
  }

  /** Which of two names counts would depend on who reads them. */
  private void onlyOne(Table table, String name) {
    List<String> found =
        table.columns().stream().filter(column -> column.isNamed(name)).map(Column::name).toList();
    if (found.size() > 1) {
      problems.add(
          "Cannot use table %s: its columns %s have the same name but for upper and lower case"
              .formatted(table.qualifiedName(), String.join(" and ", found)));
    }
  }

  private void column(Table table, Column column) {
    if (!Identifier.isValid(column.name())) {
      problems.add(
          "Cannot use column %s.%s: its name is not %s; make a view that renames it"
              .formatted(table.qualifiedName(), column.name(), Identifier.RULE));
    }

    if (!column.isSupported()) {
      problems.add(
          "Cannot use column %s.%s: unsupported feature type (%s); leave out such columns with --onUnsupportedType=skip"
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
