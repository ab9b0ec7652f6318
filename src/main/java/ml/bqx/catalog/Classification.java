package ml.bqx.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the name of a table in the feature dataset says about it, seen from one pair. */
sealed interface Classification {

  /**
   * The table holds features of the pair.
   *
   * @param group the table's name without the pair; empty when the pair is all of the name
   */
  record Picked(Category category, String group) implements Classification {}

  /** The table does not. */
  record Left(Skipped.Reason reason) implements Classification {}

  static Classification of(Pair pair, String table, GroupGlob glob) {
    if (table.startsWith("tmp_")) {
      return new Left(Skipped.Reason.TEMPORARY);
    }

    if (table.endsWith("_summary")) {
      return new Left(Skipped.Reason.SUMMARY);
    }

    if (table.startsWith("targets_")) {
      return new Left(Skipped.Reason.TARGETS);
    }

    List<String> words = Arrays.asList(table.split("_", -1));
    return category(pair, table, words)
        .map(category -> picked(pair, table, category, glob))
        .orElseGet(
            () ->
                new Left(
                    words.stream().anyMatch(Pair::isPair)
                        ? Skipped.Reason.OTHER_PAIR
                        : Skipped.Reason.UNCLASSIFIED));
  }

  private static Classification picked(Pair pair, String table, Category category, GroupGlob glob) {
    String group = pair.removedFrom(table);
    return glob.matches(group, table)
        ? new Picked(category, group)
        : new Left(Skipped.Reason.NOT_MATCHED);
  }

  private static Optional<Category> category(Pair pair, String table, List<String> words) {
    return Stream.of(Category.values())
        .filter(category -> category.hasPrefixOf(table))
        .findFirst()
        .or(() -> words.contains(pair.name()) ? Optional.of(Category.PAIR) : Optional.empty());
  }
}
