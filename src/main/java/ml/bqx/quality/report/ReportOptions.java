package ml.bqx.quality.report;

import ml.bqx.options.PairOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code report}; {@link ReportConfig#from} validates them. */
@Description("The report")
public interface ReportOptions extends PairOptions {
  @Description(
      "Directory or gs://bucket/folder of the checkpoints. The report is about those of --pair."
          + " Without it, it is about the training file in --output, which is read for it.")
  @Nullable String getCheckpoints();

  @Description(
      "Directory or gs://bucket/folder to which report_{pair}.html and report_{pair}.json are"
          + " written.")
  @Required
  @Nullable String getOutput();

  @Description(
      "What to compare with: a directory of a pair's checkpoints, for example old/eurusd, or a"
          + " training file.")
  @Nullable String getBaseline();

  @Description("Part of the rows that may be null in a column, 0 to 1; more is a finding.")
  default double getMaxNulls() {
    return 0.2;
  }

  @Description(
      "Do not look for features that follow a target before it is known, for which some rows of"
          + " every column are read.")
  default boolean isSkipLeaks() {
    return false;
  }

  @Description("End with exit code 1, after the report is written, when anything was found.")
  default boolean isFailOnFindings() {
    return false;
  }
}
