package ml.bqx.quality.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import ml.bqx.failure.Listing;

/**
 * A gate that the data does not pass.
 *
 * @param category of feature groups
 * @param limit what is limited
 * @param allowed the limit
 * @param found columns or groups that are beyond it, the worst first, with their figures
 */
public record GateFailure(String category, GateLimit limit, double allowed, List<Found> found) {
  /** Columns that are named. */
  private static final int MOST_NAMES = 3;

  private static final MathContext DIGITS = new MathContext(4);

  public GateFailure {
    found = List.copyOf(found);
  }

  /**
   * What is beyond a limit.
   *
   * @param subject column or group
   * @param figure of it
   */
  public record Found(String subject, double figure) {
    private String inWords(boolean counted) {
      return counted ? subject : "%s %s".formatted(subject, number(figure));
    }
  }

  /** In one line. */
  public String inWords() {
    return "%s: %s %s %s, but %,d %s: %s"
        .formatted(
            category,
            limit.key(),
            limit.direction(),
            number(allowed),
            found.size(),
            limit.exceeded(),
            Listing.inWords(
                found.stream().map(each -> each.inWords(limit.isCount())).toList(), MOST_NAMES));
  }

  private static String number(double figure) {
    return new BigDecimal(figure).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
