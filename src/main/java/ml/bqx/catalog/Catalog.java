package ml.bqx.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.failure.InvalidInputException;

/**
 * Which tables make up a pair's training set, with their columns.
 *
 * @param targets the table of targets
 * @param groups the feature groups, sorted by name
 * @param skipped other tables of the feature dataset, and why they are left out
 */
public record Catalog(
    Pair pair, FeatureGroup targets, List<FeatureGroup> groups, List<Skipped> skipped)
    implements Serializable {
  /** The key column of every feature and target table. */
  public static final String KEY_COLUMN = "interval_time";

  /** A column of some tables that repeats the pair; not a feature. */
  public static final String PAIR_COLUMN = "pair";

  /** The glob that takes every group. */
  public static final String ALL_GROUPS = "*";

  public Catalog {
    groups = List.copyOf(groups);
    skipped = List.copyOf(skipped);
  }

  /**
   * Picks and names a pair's feature groups.
   *
   * @param features the dataset of the feature tables
   * @param analytics the dataset of the targets
   * @param groupsGlob takes a part of the groups, by the name of group or table; {@link
   *     #ALL_GROUPS} for all
   * @throws InvalidInputException when these tables do not make a training set, with every problem
   */
  public static Catalog of(Pair pair, Dataset features, Dataset analytics, String groupsGlob) {
    GroupGlob glob = GroupGlob.of(groupsGlob);
    List<FeatureGroup> groups = new ArrayList<>();
    Map<Skipped.Reason, List<String>> skipped = new EnumMap<>(Skipped.Reason.class);
    for (Table table : features.tables()) {
      Classification kind = Classification.of(pair, table.name(), glob);
      if (kind instanceof Classification.Picked picked) {
        groups.add(new FeatureGroup(picked.group(), picked.category(), table, values(table)));
      } else if (kind instanceof Classification.Left left) {
        skipped.computeIfAbsent(left.reason(), reason -> new ArrayList<>()).add(table.name());
      }
    }

    groups.sort(
        Comparator.comparing(FeatureGroup::name).thenComparing(group -> group.table().name()));
    List<Skipped> left = new ArrayList<>();
    skipped.forEach((reason, tables) -> left.add(new Skipped(reason, sorted(tables))));

    CatalogCheck check = new CatalogCheck(pair);
    FeatureGroup targets = check.targets(analytics);
    check.groups(features, groups, left, groupsGlob);
    check.names(targets, groups);
    check.throwProblems();
    return new Catalog(pair, Objects.requireNonNull(targets), groups, left);
  }

  /**
   * Like {@link #of}, but columns of unsupported types are left out and counted among {@link
   * #skipped}.
   */
  public static Catalog ofSupportedColumns(
      Pair pair, Dataset features, Dataset analytics, String groupsGlob) {
    Catalog catalog =
        of(
            pair,
            features.withoutUnsupportedColumns(),
            analytics.withoutUnsupportedColumns(),
            groupsGlob);
    Set<String> picked =
        Stream.concat(Stream.of(catalog.targets), catalog.groups.stream())
            .map(group -> group.table().qualifiedName())
            .collect(Collectors.toSet());
    List<String> left =
        Stream.of(features, analytics)
            .flatMap(dataset -> dataset.tables().stream())
            .filter(table -> picked.contains(table.qualifiedName()))
            .flatMap(
                table ->
                    values(table).stream()
                        .filter(column -> !column.isSupported())
                        .map(column -> table.qualifiedName() + "." + column.name()))
            .sorted()
            .toList();
    if (left.isEmpty()) {
      return catalog;
    }

    List<Skipped> skipped = new ArrayList<>(catalog.skipped);
    skipped.add(new Skipped(Skipped.Reason.UNSUPPORTED_TYPE, left));
    return new Catalog(pair, catalog.targets, catalog.groups, skipped);
  }

  /** The name of a pair's table of targets. */
  public static String targetsTable(Pair pair) {
    return "targets_" + pair.name();
  }

  /** The targets, then all feature groups. */
  public List<FeatureGroup> all() {
    List<FeatureGroup> all = new ArrayList<>(List.of(targets));
    all.addAll(groups);
    return all;
  }

  /** Number of features of all groups. */
  public int featureCount() {
    return groups.stream().mapToInt(group -> group.columns().size()).sum();
  }

  /** Number of targets. */
  public int targetCount() {
    return targets.columns().size();
  }

  /** {@code 12 temporary, 3 summaries}, or {@code nothing}. */
  public String skippedInWords() {
    return Skipped.inWords(skipped);
  }

  /** The columns that are features or targets. */
  static List<Column> values(Table table) {
    return table.columns().stream()
        .filter(column -> !column.name().equalsIgnoreCase(KEY_COLUMN))
        .filter(column -> !column.name().equalsIgnoreCase(PAIR_COLUMN))
        .toList();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
