package ml.bqx.config;

import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;

/**
 * One of the equal parts that the catalog is extracted in, each by its own job.
 *
 * @param index which part, from 1 to {@code count}
 * @param count how many parts there are
 */
public record Wave(int index, int count) implements Serializable {
  /** One job per feature group; more parts would be empty. */
  public static final int MOST = 1_000;

  /** All feature groups. */
  public static final Wave WHOLE = new Wave(1, 1);

  private static final Pattern SPELLING = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

  public Wave {
    if (count < 1 || count > MOST || index < 1 || index > count) {
      throw new InvalidInputException(
          "not a wave (expected for example 2/8, the number of waves from 1 to %d)"
              .formatted(MOST));
    }
  }

  /**
   * The wave that is spelt {@code index/count}, for example {@code 2/8}.
   *
   * @throws InvalidInputException when it is spelt otherwise, or there is no such wave
   */
  public static Wave parse(String text) {
    Matcher matcher = SPELLING.matcher(text);
    return matcher.matches()
        ? new Wave(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new Wave(0, 0);
  }

  /**
   * Whether a table belongs to this wave. Its name alone decides: adding or removing tables moves
   * no other table, so that waves started at different times neither skip nor repeat any.
   */
  public boolean contains(String table) {
    int hash = Hashing.murmur3_32_fixed().hashString(table, StandardCharsets.UTF_8).asInt();
    return Math.floorMod(hash, count) == index - 1;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return index + "/" + count;
  }
}
