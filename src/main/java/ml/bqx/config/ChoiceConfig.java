package ml.bqx.config;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.options.ColumnOrder;
import ml.bqx.options.ColumnTypes;
import ml.bqx.options.FloatType;
import ml.bqx.options.MergeOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which columns and rows a training file is to have, validated as far as is possible without the
 * checkpoints.
 *
 * @param features list of names and globs, or {@code @FILE}; null for all features
 * @param excludeFeatures such a list of those that are left out; null for none
 * @param targets such a list; null for all targets
 * @param dates the days whose rows are taken
 * @param types which types columns may have
 * @param codes file with the codes of texts; null when they are made of the columns
 * @param floatType of DOUBLE columns
 * @param pairColumn whether the pair is a column too
 */
public record ChoiceConfig(
    @Nullable String features,
    @Nullable String excludeFeatures,
    @Nullable String targets,
    ColumnOrder order,
    DateRange dates,
    ColumnTypes types,
    @Nullable String codes,
    FloatType floatType,
    boolean pairColumn)
    implements Serializable {
  /** Before the name of a file that holds a list. */
  public static final char FILE = '@';

  static ChoiceConfig from(MergeOptions options, Checks checks) {
    return new ChoiceConfig(
        list("features", options.getFeatures(), checks),
        list("excludeFeatures", options.getExcludeFeatures(), checks),
        list("targets", options.getTargets(), checks),
        options.getColumnOrder(),
        DateRange.from(options.getStartDate(), options.getEndDate(), checks),
        types(options, checks),
        codes(options, checks),
        options.getFloatType(),
        options.isPairColumn());
  }

  private static ColumnTypes types(MergeOptions options, Checks checks) {
    if (options.isNumericOnly() && options.isEncode()) {
      checks.wrong("numericOnly", true, "leaves out what --encode makes numbers; give one of them");
    }

    return options.isEncode()
        ? ColumnTypes.ENCODED
        : options.isNumericOnly() ? ColumnTypes.NUMERIC : ColumnTypes.ANY;
  }

  private static @Nullable String codes(MergeOptions options, Checks checks) {
    String codes = options.getCodes();
    if (codes != null && !options.isEncode()) {
      checks.wrong("codes", codes, "needs --encode");
    }

    return codes == null ? null : checks.required("codes", codes, "a file", Locations::parse);
  }

  private static @Nullable String list(String option, @Nullable String text, Checks checks) {
    return text == null
        ? null
        : checks.required(
            option, text, "names, for example agg__*, or @FILE", ChoiceConfig::parseList);
  }

  private static String parseList(String text) {
    if (text.charAt(0) == FILE) {
      Locations.parse(path(text));
    }

    return text;
  }

  /** The path in {@code @FILE} or {@code @FILE.json#SET}. */
  public static String path(String list) {
    String file = list.substring(1);
    int set = file.lastIndexOf(".json#");
    return set < 0 ? file : file.substring(0, set + ".json".length());
  }

  /** The set in {@code @FILE.json#SET}. */
  public static Optional<String> set(String list) {
    String file = list.substring(1);
    return file.equals(path(list))
        ? Optional.empty()
        : Optional.of(file.substring(path(list).length() + 1));
  }

  /** Whether a list is in Cloud Storage. */
  boolean isRemote() {
    return (codes != null && Locations.isRemote(codes))
        || Stream.of(features, excludeFeatures, targets)
            .anyMatch(
                list -> list != null && list.charAt(0) == FILE && Locations.isRemote(path(list)));
  }

  /** Whether columns are chosen by name. */
  public boolean choosesColumns() {
    return features != null || excludeFeatures != null || targets != null;
  }

  /** Whether rows are chosen. */
  public boolean choosesRows() {
    return dates.start() != null || dates.end() != null;
  }

  /** Whether the training file is not just all that the checkpoints offer, as it is. */
  public boolean isPart() {
    return choosesColumns() || choosesRows() || types != ColumnTypes.ANY || pairColumn;
  }

  /** The options that were given, as they were written. */
  public Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put("features", features, given);
    put("excludeFeatures", excludeFeatures, given);
    put("targets", targets, given);
    put("columnOrder", order == ColumnOrder.CONTRACT ? null : order, given);
    put("startDate", dates.start(), given);
    put("endDate", dates.end(), given);
    put("numericOnly", types == ColumnTypes.NUMERIC ? true : null, given);
    put("encode", types == ColumnTypes.ENCODED ? true : null, given);
    put("codes", codes, given);
    put("floatType", floatType == FloatType.FLOAT32 ? floatType : null, given);
    put("pairColumn", pairColumn ? true : null, given);
    return given;
  }

  private static void put(String option, @Nullable Object value, Map<String, String> given) {
    if (value != null) {
      given.put(option, value.toString());
    }
  }
}
