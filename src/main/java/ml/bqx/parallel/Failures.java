package ml.bqx.parallel;

import java.util.ArrayList;
import java.util.List;

/** Lists what went wrong below a heading. */
public final class Failures {
  /** Told one by one; a broken warehouse would repeat itself hundreds of times. */
  private static final int MOST = 20;

  private Failures() {}

  /** The heading, and a line for each failure, sorted; of too many, how many more there are. */
  public static String inWords(String heading, List<String> failures) {
    List<String> lines = new ArrayList<>(List.of(heading));
    failures.stream().sorted().limit(MOST).forEach(lines::add);
    if (failures.size() > MOST) {
      lines.add("and %,d more".formatted(failures.size() - MOST));
    }

    return String.join("\n", lines);
  }
}
