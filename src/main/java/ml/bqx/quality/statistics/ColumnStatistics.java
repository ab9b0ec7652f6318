package ml.bqx.quality.statistics;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of the values of one column among the rows of the spine. Minimum, maximum, mean,
 * deviation and quantiles are those of the finite numbers; NaN and infinite values are counted.
 *
 * @param name its name in the training file
 * @param type its Parquet type
 * @param rows rows of the spine
 * @param nulls rows without a value
 * @param longestNulls length of the longest run of rows without a value
 * @param firstValue timestamp of the first value, ISO 8601
 * @param lastValue timestamp of the last value, ISO 8601
 * @param distinct how many different values there are, an estimate
 * @param least the least value in words, exactly; null when there is none
 * @param greatest the greatest value in words, exactly; null when there is none
 * @param min the least number; null when the column has no numbers
 * @param max the greatest number; null when the column has no numbers
 * @param mean of the numbers; null when there are none, or it is too large for a double
 * @param deviation standard deviation of a sample; null when there are less than two numbers
 * @param zeros numbers that are 0, of either sign
 * @param nan values that are NaN
 * @param infinite values that are infinite, of either sign
 * @param constant whether there are values, and all are the same
 * @param sampled numbers from which the quantiles were made
 * @param quantiles percentiles
 * @param segments values, mean and deviation over time
 * @param content checksum of values and their timestamps: 16 hex digits, equal for columns that are
 *     equal in every row
 */
public record ColumnStatistics(
    String name,
    String type,
    long rows,
    long nulls,
    long longestNulls,
    @Nullable String firstValue,
    @Nullable String lastValue,
    long distinct,
    @Nullable String least,
    @Nullable String greatest,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double mean,
    @Nullable Double deviation,
    long zeros,
    long nan,
    long infinite,
    boolean constant,
    int sampled,
    Quantiles quantiles,
    Segments segments,
    String content) {

  /** Rows that have a value. */
  @JsonIgnore
  public long values() {
    return rows - nulls;
  }

  /** Part of the rows that has no value, 0 to 1. */
  @JsonIgnore
  public double nullShare() {
    return rows == 0 ? 0 : (double) nulls / rows;
  }
}
