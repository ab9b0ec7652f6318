package ml.bqx.quality.diff;

import ml.bqx.options.CommandOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code diff}; {@link DiffConfig#from} validates them. */
@Description("What is compared")
public interface DiffOptions extends CommandOptions {
  @Description(
      "The earlier of both: a directory of a pair's checkpoints, for example checkpoints/eurusd, or"
          + " a training file. Local or gs://bucket/folder. The names of both can be left out: diff"
          + " BEFORE AFTER.")
  @Required
  @Nullable String getBefore();

  @Description("The later of both, as --before.")
  @Required
  @Nullable String getAfter();

  @Description("Columns to list, those that moved most first.")
  default int getTop() {
    return 20;
  }

  @Description("Also write everything as JSON to this local file.")
  @Nullable String getJsonFile();

  @Description(
      "Compare two training files bit by bit: columns, row groups, key-values and every value."
          + " Exit code 1 when anything differs.")
  default boolean isBits() {
    return false;
  }
}
