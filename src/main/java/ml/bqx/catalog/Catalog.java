package ml.bqx.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import ml.bqx.failure.InvalidInputException;

/**
 * Which tables make up a pair's training set, with their columns.
 *
 * @param targets the table of targets
 * @param groups the feature groups, sorted by name
 * @param skipped other tables of the feature dataset, and why they are left out
 * @param asDoubles columns of unsupported types that are read as doubles, with their tables
 */
public record Catalog(
    Pair pair,
    FeatureGroup targets,
    List<FeatureGroup> groups,
    List<Skipped> skipped,
    List<String> asDoubles)
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
    asDoubles = List.copyOf(asDoubles);
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

    leaveShards(groups, skipped);
    groups.sort(
        Comparator.comparing(FeatureGroup::name).thenComparing(group -> group.table().name()));
    List<Skipped> left = new ArrayList<>();
    skipped.forEach((reason, tables) -> left.add(new Skipped(reason, sorted(tables))));

    CatalogCheck check = new CatalogCheck(pair);
    FeatureGroup targets = check.targets(analytics);
    check.groups(features, groups, left, groupsGlob);
    check.names(targets, groups);
    check.throwProblems();
    return new Catalog(pair, Objects.requireNonNull(targets), groups, left, List.of());
  }

  /** Shards have the rows of a table that is there whole, so they are not groups beside it. */
  private static void leaveShards(
      List<FeatureGroup> groups, Map<Skipped.Reason, List<String>> skipped) {
    Set<String> tables =
        groups.stream().map(group -> group.table().name()).collect(Collectors.toSet());
    List<String> shards =
        tables.stream()
            .filter(table -> DateShards.whole(table).filter(tables::contains).isPresent())
            .toList();
    if (!shards.isEmpty()) {
      groups.removeIf(group -> shards.contains(group.table().name()));
      skipped.put(Skipped.Reason.DATE_SHARD, shards);
    }
  }

  /**
   * Like {@link #of}, but columns of unsupported types are left out, or read as doubles, and
   * counted; so are tables that have no others.
   *
   * @param asDouble which columns of unsupported types are read as doubles
   */
  public static Catalog ofSupportedColumns(
      Pair pair,
      Dataset features,
      Dataset analytics,
      String groupsGlob,
      Predicate<Column> asDouble) {
    SupportedColumns supported = new SupportedColumns(asDouble);
    Catalog catalog =
        of(pair, supported.features(features), supported.targets(analytics, pair), groupsGlob);
    return supported.counted(catalog, features, analytics, GroupGlob.of(groupsGlob));
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

  /** {@code 2 columns (features.agg_eurusd.a, features.agg_eurusd.b)}, or {@code nothing}. */
  public String asDoublesInWords() {
    return asDoubles.isEmpty()
        ? "nothing"
        : "%d columns (%s)".formatted(asDoubles.size(), String.join(", ", asDoubles));
  }

  static List<Column> values(Table table) {
    return table.columns().stream()
        .filter(column -> !column.isNamed(KEY_COLUMN) && !column.isNamed(PAIR_COLUMN))
        .toList();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
