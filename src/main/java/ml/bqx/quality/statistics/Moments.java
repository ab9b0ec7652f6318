package ml.bqx.quality.statistics;

/**
 * Number, extremes, mean and spread of values, which are finite where they are numbers. Parts are
 * merged by the formulas of Chan, Golub and LeVeque.
 */
final class Moments {
  private long values;
  private long numbers;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double mean;
  private double squares;
  private long firstBits;
  private boolean same = true;

  /** Adds values of which all are finite numbers, or the finite ones among them. */
  void add(GatheredValues gathered) {
    if (gathered.count() == 0) {
      return;
    }

    addBits(gathered);
    Moments part = new Moments();
    part.measure(gathered.numbers(), gathered.finite());
    mergeNumbers(part);
  }

  private void addBits(GatheredValues gathered) {
    long first = values == 0 ? gathered.bits()[0] : firstBits;
    long differences = 0;
    for (int i = 0; i < gathered.count(); i++) {
      differences |= gathered.bits()[i] ^ first;
    }

    firstBits = first;
    same &= differences == 0;
    values += gathered.count();
  }

  private void measure(double[] finite, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double value = finite[i];
      sum += value;
      // Not Math.min, which looks for NaN and the sign of zeros: neither is among them.
      if (value < min) {
        min = value;
      }

      if (value > max) {
        max = value;
      }
    }

    numbers = count;
    if (Double.isFinite(sum)) {
      mean = count == 0 ? 0 : sum / count;
    } else {
      for (int i = 0; i < count; i++) {
        mean += finite[i] / count;
      }
    }

    squares = squares(finite, count, mean);
  }

  /** In two sums side by side, as an addition would wait for the one before. */
  private static double squares(double[] values, int count, double mean) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i < count - 1; i += 2) {
      double first = values[i] - mean;
      double second = values[i + 1] - mean;
      even += first * first;
      odd += second * second;
    }

    double last = count % 2 == 0 ? 0 : values[count - 1] - mean;
    return even + odd + last * last;
  }

  /** Adds what another has seen. */
  void merge(Moments other) {
    if (other.values == 0) {
      return;
    }

    same &= other.same && (values == 0 || firstBits == other.firstBits);
    firstBits = values == 0 ? other.firstBits : firstBits;
    values += other.values;
    mergeNumbers(other);
  }

  private void mergeNumbers(Moments other) {
    if (other.numbers == 0) {
      return;
    }

    double all = (double) numbers + other.numbers;
    double distance = other.mean - mean;
    squares += other.squares + distance * distance * numbers * (other.numbers / all);
    mean += distance * (other.numbers / all);
    numbers += other.numbers;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  /** Values that are not null. */
  long values() {
    return values;
  }

  /** Those among them that are finite numbers. */
  long numbers() {
    return numbers;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  double mean() {
    return min == max ? min : mean;
  }

  /** Standard deviation of a sample; 0 when all values are the same, and only then. */
  double deviation() {
    if (isConstant()) {
      return 0;
    }

    return numbers < 2
        ? Double.NaN
        : Math.max(Double.MIN_NORMAL, Math.sqrt(squares / (numbers - 1)));
  }

  /** Whether there are values, and all are the same. */
  boolean isConstant() {
    return values > 0 && same;
  }
}
