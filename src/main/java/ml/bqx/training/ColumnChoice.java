package ml.bqx.training;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import ml.bqx.cli.Nearest;
import ml.bqx.config.ChoiceConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.failure.Problem;
import ml.bqx.options.ColumnOrder;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Chooses the targets and features of a training file by name. */
public final class ColumnChoice {
  private static final String GLOB_CHARACTERS = "*?[]{}\\";

  /** Unknown names of one list that are told of by name, each with what was probably meant. */
  private static final int MAX_UNKNOWN = 10;

  /** Names that are offered in place of an unknown one. */
  private static final int MAX_NEAREST = 3;

  /** A name is offered when at most every third of its letters differs. */
  private static final int LETTERS_PER_EDIT = 3;

  private final ColumnOrder order;
  private final Optional<NameList> features;
  private final Optional<NameList> excluded;
  private final Optional<NameList> targets;

  /**
   * Reads the lists that options give.
   *
   * @throws InvalidInputException when one cannot be read
   */
  public ColumnChoice(Storage storage, ChoiceConfig config) throws IOException {
    this.order = config.order();
    this.features = list(storage, "features", config.features());
    this.excluded = list(storage, "excludeFeatures", config.excludeFeatures());
    this.targets = list(storage, "targets", config.targets());
  }

  private static Optional<NameList> list(Storage storage, String option, @Nullable String text)
      throws IOException {
    return text == null ? Optional.empty() : Optional.of(NameList.read(storage, option, text));
  }

  /**
   * What was chosen.
   *
   * @param targets names in the order in which they stand in the file
   * @param features names in the order in which they stand in the file
   */
  public record Chosen(List<String> targets, List<String> features) {}

  /**
   * Chooses.
   *
   * @param allTargets names of all targets, in the order of the contract
   * @param allFeatures names of all features, in the order of the contract
   * @throws InvalidInputException when a name or glob fits none of them, or nothing is left
   */
  public Chosen choose(List<String> allTargets, List<String> allFeatures) {
    List<Problem> problems = new ArrayList<>();
    Set<String> chosenTargets =
        targets
            .map(list -> matched(list, allTargets, problems))
            .orElse(new LinkedHashSet<>(allTargets));
    Set<String> chosen =
        features
            .map(list -> matched(list, allFeatures, problems))
            .orElse(new LinkedHashSet<>(allFeatures));
    excluded.ifPresent(list -> chosen.removeAll(matched(list, allFeatures, problems)));
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems);
    } else if (chosen.isEmpty() && excluded.isPresent()) {
      throw new InvalidInputException(
          "Cannot merge: --excludeFeatures leaves out all features that --features takes");
    }

    return new Chosen(
        ordered(allTargets, targets, chosenTargets), ordered(allFeatures, features, chosen));
  }

  private List<String> ordered(List<String> all, Optional<NameList> list, Set<String> chosen) {
    return order == ColumnOrder.LIST && list.isPresent()
        ? List.copyOf(chosen)
        : all.stream().filter(chosen::contains).toList();
  }

  /** The names that a list takes, in its order; what fits none is a problem. */
  private static Set<String> matched(NameList list, List<String> all, List<Problem> problems) {
    Set<String> known = new HashSet<>(all);
    Set<String> taken = new LinkedHashSet<>();
    List<String> unknown = new ArrayList<>();
    for (String name : list.names()) {
      List<String> found =
          known.contains(name) ? List.of(name) : isGlob(name) ? glob(list, name, all) : List.of();
      if (found.isEmpty()) {
        unknown.add(name);
      }

      taken.addAll(found);
    }

    if (!unknown.isEmpty()) {
      problems.add(new Problem("--" + list.option(), unknownInWords(list, unknown, all)));
    }

    return taken;
  }

  private static boolean isGlob(String name) {
    return name.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
  }

  private static List<String> glob(NameList list, String glob, List<String> all) {
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      return all.stream().filter(name -> matcher.matches(Path.of(name))).toList();
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          "Cannot use --%s: %s is not a glob (%s)"
              .formatted(list.option(), glob, e.getDescription()),
          e);
    }
  }

  private static String unknownInWords(NameList list, List<String> unknown, List<String> all) {
    List<String> words =
        unknown.stream().limit(MAX_UNKNOWN).map(name -> name + nearest(name, all)).toList();
    return "Cannot merge: --%s names %,d that the checkpoints do not have: %s"
        .formatted(list.option(), unknown.size(), Listing.shortened(words, unknown.size()));
  }

  private static String nearest(String name, List<String> all) {
    if (isGlob(name)) {
      return " (no name fits this glob)";
    }

    record Near(String name, int edits) {}

    Stream<Near> near =
        all.stream()
            .filter(each -> Math.abs(each.length() - name.length()) <= most(name))
            .map(each -> new Near(each, Nearest.edits(name, each)))
            .filter(each -> each.edits <= most(name));
    List<String> names =
        near.sorted(Comparator.comparingInt(Near::edits).thenComparing(Near::name))
            .limit(MAX_NEAREST)
            .map(Near::name)
            .toList();
    return names.isEmpty() ? "" : " (did you mean %s?)".formatted(String.join(" or ", names));
  }

  private static int most(String name) {
    return Math.max(2, name.length() / LETTERS_PER_EDIT);
  }
}
