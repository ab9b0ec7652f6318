package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How the rows of a training file are divided; {@link SplitConfig} validates it. */
@Description("Splits")
public interface SplitOptions extends CommandOptions {
  @Description(
      "Parts of the rows, in the order of time: shares such as train:0.7,valid:0.15,test:0.15, or"
          + " days such as train:..2024-06-30,valid:2024-07-01..2024-08-31,test:2024-09-01.. The"
          + " card and the footer say which rows each part has.")
  @Nullable String getSplit();

  @Description(
      "Minutes between the last row of a part and the first of the next, because the targets of a"
          + " row are known only later. Default: the longest horizon of the targets, by their names"
          + " _h{minutes}.")
  @Nullable String getPurge();

  @Description("Minutes after the last row of a part whose rows the next part does not get.")
  default int getEmbargo() {
    return 0;
  }

  @Description(
      "Number of walk-forward folds of the first part, or of all rows without --split: each trains"
          + " on all rows before those that it tests on. 0 makes none.")
  default int getFolds() {
    return 0;
  }

  @Description(
      "Write each part of --split to a file of its own too, training_{pair}_{part}.parquet.")
  boolean isSplitFiles();
}
