package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How checkpoints are taken that another tool wrote; see {@code ForeignSetConfig}. */
@Description("Files of other tools")
public interface ForeignSetOptions extends CommandOptions {
  @Description(
      "What files are whose names differ only in a number or date at the end: fail when they share"
          + " columns, join them as the parts of one table, or keep them separate, a feature group"
          + " each.")
  default PartsPolicy getParts() {
    return PartsPolicy.FAIL;
  }

  @Description(
      "Take columns that only some parts of a table have: the others' rows get nulls. Numbers and"
          + " times that parts have in different types get the type that holds all of them exactly.")
  boolean isUnion();

  @Description(
      "Put an underscore in place of every character of a name that is not a letter, a digit or an"
          + " underscore.")
  boolean isRenameColumns();

  @Description(
      "Time zone of key columns that are stored without one, for example America/New_York or UTC."
          + " Default: UTC, if no file has a key with a zone.")
  @Nullable String getTimeZone();

  @Description(
      "Which moment a key without a time zone is when clocks showed its time twice, because they were"
          + " put back: infer it from the order of the rows, or take the first or the second.")
  default RepeatedTimePolicy getRepeatedTimes() {
    return RepeatedTimePolicy.INFER;
  }
}
