package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Which columns and rows a training file is to have; {@link ChoiceConfig} validates them. */
@Description("Chosen columns and rows")
public interface ChoiceOptions extends CommandOptions {
  @Description(
      "Features to take: names or globs with commas between them, for example 'agg__*,mom__close';"
          + " or @FILE: a text file with one name a line, or a JSON file with an array of names or,"
          + " as @FILE.json#SET, with named arrays. Names are those in the training file. Default:"
          + " all.")
  @Nullable String getFeatures();

  @Description("Features to leave out of those that --features takes, written in the same way.")
  @Nullable String getExcludeFeatures();

  @Description(
      "Targets to take, written like --features. The rows stay those that have all targets."
          + " Default: all.")
  @Nullable String getTargets();

  @Description(
      "Order of targets and features in the training file: contract is by feature group and source"
          + " column; list is that of --targets and --features.")
  default ColumnOrder getColumnOrder() {
    return ColumnOrder.CONTRACT;
  }

  @Description(
      "Leave out all columns that are not numbers, such as texts, booleans and timestamps; they are"
          + " counted.")
  boolean isNumericOnly();

  @Description(
      "Make doubles of all targets and features: booleans become 0 and 1, texts codes, dates days"
          + " and timestamps seconds since 1970, decimals and integers the nearest double. The card"
          + " and the footer have the codes.")
  boolean isEncode();

  @Description(
      "File with the codes of texts for --encode, so that all pairs have the same: a JSON object"
          + " with an array of texts for each column, whose places are the codes; or the card of"
          + " another training file. Default: the sorted texts of each column.")
  @Nullable String getCodes();

  @Description(
      "Type of DOUBLE columns in the training file: float64, as they are; or float32, the nearest"
          + " numbers of half the size. Values that become infinite or lose digits for being too"
          + " small are counted. Checkpoints of extract --floatType=float32 have it already.")
  default FloatType getFloatType() {
    return FloatType.FLOAT64;
  }

  @Description(
      "Add the pair as a column named pair behind the key, so that the files of several pairs can"
          + " be read as one.")
  boolean isPairColumn();

  @Description("First day to take, yyyy-mm-dd in UTC, inclusive. Default: from the first row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getStartDate();

  @Description("Last day to take, yyyy-mm-dd in UTC, inclusive. Default: to the last row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getEndDate();
}
