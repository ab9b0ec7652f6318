package ml.bqx.merge.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;

/** Checks, by the numbers in the names of parts, that all of them are there. */
final class PartNumbers {
  /** Names listed in a message before it says how many more there are. */
  private static final int MAX_NAMES = 10;

  /** Stands for the number in what the names of all parts have in common; in no name itself. */
  private static final String MASK = "\0";

  private static final Pattern SHARD = Pattern.compile("-\\d{5,9}(?=-of-\\d{5,9})");
  private static final Pattern EXPORT = Pattern.compile("0{6}\\d{6}(?!\\d)");

  private record Part(PartName name, int number) {}

  private final Map<String, List<Part>> parts = new TreeMap<>();

  /**
   * What the names of all parts of a table have in common; the name itself where its number does
   * not imply others.
   */
  static String masked(String name, PartName part) {
    return switch (part.kind()) {
      case SHARD -> SHARD.matcher(name).replaceFirst("-" + MASK);
      case EXPORT -> EXPORT.matcher(name).replaceFirst(MASK);
      case WHOLE, NUMBERED -> name;
    };
  }

  /** Adds a file, by its path and what its name says. */
  void add(String path, PartName name) {
    String masked = masked(path, name);
    if (!masked.equals(path)) {
      parts
          .computeIfAbsent(masked, key -> new ArrayList<>())
          .add(new Part(name, Integer.parseInt(name.number())));
    }
  }

  /**
   * Makes sure that no part is missing.
   *
   * @throws InvalidInputException naming the first that are
   */
  void check(String directory) {
    long missing = 0;
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, List<Part>> table : parts.entrySet()) {
      SortedSet<Integer> there = new TreeSet<>();
      table.getValue().forEach(part -> there.add(part.number));
      PartName first = table.getValue().get(0).name;
      // Tools that number from 0 without saying how many there are leave out none.
      int all = first.parts() > 0 ? first.parts() : there.last() + 1;
      if (there.last() >= all) {
        throw new InvalidInputException(
            "Cannot merge %s: %s has a number that its own name rules out; rename or remove it"
                .formatted(directory, name(table.getKey(), first, there.last())));
      }

      missing += all - there.size();
      for (int number = 0; number < all && names.size() < MAX_NAMES; number++) {
        if (!there.contains(number)) {
          names.add(name(table.getKey(), first, number));
        }
      }
    }

    if (missing > 0) {
      throw new InvalidInputException(
          "Cannot merge %s: going by the numbers in the names of the others, files are missing (%,d): %s"
              .formatted(directory, missing, Listing.shortened(names, missing)));
    }
  }

  private static String name(String masked, PartName like, int number) {
    String digits = "%0" + like.number().length() + "d";
    return masked.replace(MASK, String.format(Locale.ROOT, digits, number));
  }
}
