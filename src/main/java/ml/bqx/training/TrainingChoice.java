package ml.bqx.training;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.DateRange;
import ml.bqx.options.ColumnOrder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a training file was to have of all that its checkpoints offer.
 *
 * @param targetsOffered targets in the checkpoints
 * @param featuresOffered features in the checkpoints
 * @param columnOrder {@code contract}, or {@code list} when lists of names decided
 * @param startDate first day of the rows, yyyy-mm-dd in UTC; null when there was no limit
 * @param endDate last day of the rows; null when there was no limit
 * @param numericOnly whether columns that are no numbers were left out
 * @param encoded whether targets and features were made doubles
 * @param pairColumn whether the pair is a column
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingChoice(
    int targetsOffered,
    int featuresOffered,
    String columnOrder,
    @Nullable String startDate,
    @Nullable String endDate,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean numericOnly,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean encoded,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean pairColumn) {
  /** What the key-values of a training file say; empty when it has all that there was. */
  public static Optional<TrainingChoice> of(Map<String, String> keyValues) {
    return Optional.ofNullable(keyValues.get(FooterKeys.CHOICE))
        .map(json -> Json.ofLine(FooterKeys.CHOICE, json, TrainingChoice.class));
  }

  /** Where the values of each feature group of a training file come from. */
  public static Map<String, String> lineage(Map<String, String> keyValues) {
    String json = keyValues.get(FooterKeys.LINEAGE);
    return json == null ? Map.of() : Json.textsOfLine(FooterKeys.LINEAGE, json);
  }

  /** The texts of each encoded column, in the order of their codes. */
  public static Map<String, List<String>> dictionaries(Map<String, String> keyValues) {
    String json = keyValues.get(FooterKeys.DICTIONARIES);
    return json == null ? Map.of() : Json.listsOfLine(FooterKeys.DICTIONARIES, json);
  }

  /** Whether rows were chosen by their days. */
  public boolean choosesRows() {
    return startDate != null || endDate != null;
  }

  /** The timestamps that the rows may have. */
  public TimeRange range() {
    return TimeRange.of(new DateRange(day(startDate), day(endDate)));
  }

  private static @Nullable LocalDate day(@Nullable String text) {
    return text == null ? null : DateRange.parseDay(text);
  }

  /** Whether the columns are in the order of groups and source columns. */
  @JsonIgnore
  public boolean isInOrderOfContract() {
    return columnOrder.equals(ColumnOrder.CONTRACT.toString());
  }
}
