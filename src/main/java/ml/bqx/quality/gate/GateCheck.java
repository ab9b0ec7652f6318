package ml.bqx.quality.gate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.quality.checks.DataChecks;
import ml.bqx.quality.checks.Finding;
import ml.bqx.quality.checks.Finding.Check;
import ml.bqx.quality.checks.TargetLeaks;
import ml.bqx.quality.diff.SetDifference;
import ml.bqx.quality.gate.GateFailure.Found;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;

/** Holds a set against gates. */
public final class GateCheck {
  /** Nulls have a limit of their own. */
  private static final double ANY_NULLS = 1;

  private static final String PAIR = "{pair}";

  private final Storage storage;
  private final Gates gates;
  private final QualitySource source;
  private final Set<String> columns;
  private final Map<String, String> categories = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private GateCheck(Storage storage, Gates gates, QualitySource source, Set<String> columns) {
    this.storage = storage;
    this.gates = gates;
    this.source = source.only(columns);
    this.columns = columns;
    for (GroupStatistics group : source.statistics().groups()) {
      categories.put(group.group(), group.category());
      group.columns().forEach(column -> categories.put(column.name(), group.category()));
    }
  }

  /**
   * Looks for what is beyond the limits.
   *
   * @param pair what {@code {pair}} in the baseline's path stands for
   * @param columns which of the columns are taken
   * @return the gates that the set does not pass, by category; empty when it passes all
   * @throws InvalidInputException when a category of the gates is none of the set, or a limit
   *     cannot be checked on it
   */
  public static List<GateFailure> of(
      Storage storage, Gates gates, String pair, QualitySource source, Set<String> columns)
      throws IOException {
    GateCheck check = new GateCheck(storage, gates, source, columns);
    check.checkCategories();
    check.find();
    List<GateFailure> failures = new ArrayList<>();
    for (GateLimit limit : GateLimit.values()) {
      if (gates.has(limit)) {
        failures.addAll(check.failures(limit, check.figures(limit, pair)));
      }
    }

    failures.sort(Comparator.comparing(GateFailure::category));
    return failures;
  }

  /** A category that is written wrong would never fail. */
  private void checkCategories() {
    List<String> problems = new ArrayList<>();
    Set<String> known = Set.copyOf(categories.values());
    for (Map.Entry<String, Integer> line : new TreeMap<>(gates.lines()).entrySet()) {
      if (gates.categories().contains(line.getKey()) && !known.contains(line.getKey())) {
        problems.add(
            "line %d, limits.%s: no such category in %s; there are %s"
                .formatted(
                    line.getValue(),
                    line.getKey(),
                    source.location(),
                    String.join(", ", known.stream().sorted().toList())));
      }
    }

    if (!problems.isEmpty()) {
      throw new InvalidInputException("Cannot use gates %s:".formatted(gates.file()), problems);
    }
  }

  private void find() throws IOException {
    findings.addAll(DataChecks.of(source, ANY_NULLS));
    if (gates.has(GateLimit.LEAKS)) {
      List<Finding> leaks =
          TargetLeaks.of(storage, source)
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "Cannot check gate %s: the rows of %s are in no order"
                              .formatted(GateLimit.LEAKS.key(), source.location())));
      leaks.stream()
          .filter(leak -> columns.contains(leak.subject()))
          .filter(leak -> findings.stream().noneMatch(leak::isSame))
          .forEach(findings::add);
    }
  }

  /** What is limited: columns or groups with their figures, or those that are counted. */
  private List<Found> figures(GateLimit limit, String pair) throws IOException {
    return switch (limit) {
      case NULL_SHARE -> columns(ColumnStatistics::nullShare);
      case NAN -> columns(column -> column.nan() + column.infinite());
      case COVERAGE -> coverage();
      case CONSTANTS -> found(Set.of(Check.CONSTANT, Check.CONSTANT_SINCE));
      case DUPLICATES -> found(Set.of(Check.DUPLICATE));
      case LEAKS -> found(Set.of(Check.LEAK));
      case DRIFT -> drift(pair);
    };
  }

  private List<Found> columns(ToDoubleFunction<ColumnStatistics> figure) {
    return source.statistics().columns().stream()
        .map(column -> new Found(column.name(), figure.applyAsDouble(column)))
        .toList();
  }

  private List<Found> coverage() {
    return source.statistics().groups().stream()
        .map(
            group ->
                new Found(
                    group.group(), 1 - (double) group.rowsMissing() / Math.max(1, group.rows())))
        .toList();
  }

  private List<Found> found(Set<Check> checks) {
    return findings.stream()
        .filter(finding -> checks.contains(finding.check()))
        .map(finding -> new Found(finding.subject(), finding.weight()))
        .toList();
  }

  private List<Found> drift(String pair) throws IOException {
    String baseline = Objects.requireNonNull(gates.baseline()).replace(PAIR, pair);
    return SetDifference.of(QualitySource.of(storage, baseline), source).changed().stream()
        .map(column -> new Found(column.name(), column.psi()))
        .toList();
  }

  private List<GateFailure> failures(GateLimit limit, List<Found> figures) {
    Map<String, List<Found>> byCategory = new TreeMap<>();
    for (Found figure : figures) {
      String category = Objects.requireNonNull(categories.get(figure.subject()));
      OptionalDouble allowed = gates.limit(category, limit);
      if (allowed.isPresent()
          && (limit.isCount() || limit.isExceeded(figure.figure(), allowed.getAsDouble()))) {
        byCategory.computeIfAbsent(category, each -> new ArrayList<>()).add(figure);
      }
    }

    List<GateFailure> failures = new ArrayList<>();
    byCategory.forEach(
        (category, beyond) -> {
          double allowed = gates.limit(category, limit).orElseThrow();
          if (!limit.isCount() || limit.isExceeded(beyond.size(), allowed)) {
            beyond.sort(worstFirst(limit));
            failures.add(new GateFailure(category, limit, allowed, beyond));
          }
        });
    return failures;
  }

  private static Comparator<Found> worstFirst(GateLimit limit) {
    Comparator<Found> ascending = Comparator.comparingDouble(Found::figure);
    return (limit == GateLimit.COVERAGE ? ascending : ascending.reversed())
        .thenComparing(Found::subject);
  }
}
