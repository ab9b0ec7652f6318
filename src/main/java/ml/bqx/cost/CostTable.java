package ml.bqx.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.TextTable;
import ml.bqx.cost.Prices.Price;

/** A cost table: usage, unit prices, and the sums for one pair and for all 28. */
public final class CostTable {
  private static final int PAIRS = Pair.ALL.size();

  private final String title;
  private final List<Section> sections = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private record Section(String name, Usage usage) {}

  /**
   * A table without sections yet.
   *
   * @param title the first line, for example {@code estimated cost of eurusd}
   */
  public CostTable(String title) {
    this.title = title;
  }

  /** Adds the usage of one step, for example {@code extract}. */
  public CostTable add(String section, Usage usage) {
    sections.add(new Section(section, usage));
    return this;
  }

  /** Adds a line below the table. */
  public CostTable note(String note) {
    notes.add(note);
    return this;
  }

  /** The cost of all sections, in US dollars. */
  public double dollars() {
    return sections.stream().mapToDouble(section -> section.usage.dollars()).sum();
  }

  /** The whole table, with a line break at its end. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable("lrlrrr")
            .row("", "amount", "unit", "$ per unit", "$ per pair", "$ for " + PAIRS);
    for (Section section : sections) {
      table.row(section.name);
      section.usage.amounts().entrySet().stream()
          .filter(entry -> entry.getValue() > 0)
          .forEach(entry -> append(table, Prices.of(entry.getKey()), entry.getValue()));
    }

    double stored = sections.stream().mapToDouble(section -> section.usage.storage()).sum();
    if (stored > 0) {
      sum(table, "total without storage", dollars() - stored);
    }

    sum(table, "total", dollars());
    table.row("List prices without free tiers and discounts: " + regions());
    sources().forEach(source -> table.row("  " + source));
    notes.forEach(table::row);
    return title + '\n' + table;
  }

  private static void sum(TextTable table, String name, double dollars) {
    table.row(name, "", "", "", number("%.2f", dollars), number("%.2f", PAIRS * dollars));
  }

  private static void append(TextTable table, Price price, double amount) {
    double dollars = price.dollars() * amount;
    table.row(
        "  " + price.item(),
        number("%,.3f", amount),
        price.unit(),
        number("%.6f", price.dollars()).replaceFirst("0{1,4}$", ""),
        number("%.4f", dollars),
        number("%.2f", PAIRS * dollars));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private String regions() {
    return used().map(Price::region).distinct().collect(Collectors.joining(", "));
  }

  private Set<String> sources() {
    return used()
        .map(price -> price.source() + ", as of " + price.date())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Stream<Price> used() {
    return sections.stream()
        .flatMap(section -> section.usage.amounts().keySet().stream())
        .sorted()
        .map(Prices::of);
  }
}
