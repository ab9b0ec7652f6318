package ml.bqx.chaos;

import java.util.List;
import java.util.Random;

/**
 * One kind of accident. Cases have names, from which alone, with the seed, they can be repeated.
 */
interface Kind {
  /** A word for options and names of cases. */
  String name();

  /** For the table of results. */
  String title();

  /**
   * The cases of a run; names are words with colons between, and the first word tells what runs.
   *
   * @param random of the run's seed
   */
  List<String> cases(Extent extent, Random random) throws Exception;

  /**
   * Lets the accident happen.
   *
   * @param name one of {@link #cases}
   * @param random of the run's seed and the name
   */
  Result run(String name, Random random) throws Exception;

  /** How much is tried. */
  enum Extent {
    /** In seconds, at every build. */
    SHORT,

    /** In a quarter of an hour. */
    LONG;

    int of(int ofShort, int ofLong) {
      return this == SHORT ? ofShort : ofLong;
    }
  }
}
