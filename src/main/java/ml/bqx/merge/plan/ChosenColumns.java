package ml.bqx.merge.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;
import ml.bqx.merge.plan.CheckpointFiles.FileSet;
import ml.bqx.merge.plan.MergePlan.Offered;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.training.ColumnChoice;
import ml.bqx.training.ColumnChoice.Chosen;

/**
 * The columns that a merge takes of those that checkpoints offer. A manifest tells what they offer
 * before any of them is opened, files of other tools only afterwards.
 */
final class ChosenColumns {
  private final ColumnChoice choice;
  private final boolean isPart;
  private final Set<String> groups = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private Chosen chosen = new Chosen(List.of(), List.of());
  private Offered offered = new Offered(0, 0);
  private boolean known;

  /**
   * A choice that has not been made yet.
   *
   * @param isPart whether columns are chosen at all, rather than all taken
   */
  ChosenColumns(ColumnChoice choice, boolean isPart) {
    this.choice = choice;
    this.isPart = isPart;
  }

  /**
   * Chooses.
   *
   * @param sets the targets, then the groups in the order of the contract
   * @param columns for each of them the names that its columns have in a training file
   * @throws ml.bqx.failure.InvalidInputException when what was asked for is not there
   */
  void choose(List<FileSet> sets, List<List<String>> columns) {
    List<String> targets = new ArrayList<>();
    List<String> features = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      (sets.get(i).targets() ? targets : features).addAll(columns.get(i));
    }

    chosen = choice.choose(targets, features);
    offered = new Offered(targets.size(), features.size());
    names.addAll(chosen.targets());
    names.addAll(chosen.features());
    for (int i = 0; i < sets.size(); i++) {
      FileSet set = sets.get(i);
      if (!isPart || set.targets() || columns.get(i).stream().anyMatch(names::contains)) {
        groups.add(set.group());
      }
    }

    known = true;
  }

  /** Whether the set has to be read: always, before there is a choice. */
  boolean needs(FileSet set) {
    return !known || groups.contains(set.group());
  }

  /** Whether the column is taken. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** What there was to choose from. */
  Offered offered() {
    return offered;
  }

  /**
   * For each column of the training file its index among the merged ones.
   *
   * @param merged the key, then the columns that are taken, in any order
   */
  List<Integer> order(List<ColumnSchema> merged) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < merged.size(); i++) {
      places.put(merged.get(i).name(), i);
    }

    Stream<String> key = Stream.of(merged.get(0).name(), Catalog.PAIR_COLUMN);
    Stream<String> values = Stream.concat(chosen.targets().stream(), chosen.features().stream());
    return Stream.concat(key, values).filter(places::containsKey).map(places::get).toList();
  }
}
