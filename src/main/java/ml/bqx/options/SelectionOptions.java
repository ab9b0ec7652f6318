package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Which rows and feature groups are taken out of the warehouse. */
@Description("What is read")
public interface SelectionOptions extends CommandOptions {
  @Description("First day to read, yyyy-mm-dd in UTC, inclusive. Default: from the first row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getStartDate();

  void setStartDate(@Nullable String startDate);

  @Description("Last day to read, yyyy-mm-dd in UTC, inclusive. Default: to the last row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getEndDate();

  void setEndDate(@Nullable String endDate);

  @Description(
      "Feature groups to take: a glob over names of groups or tables, for example agg_* or"
          + " {agg,mom}_*. Quote it, or the shell may expand it.")
  @Default.String("*")
  String getGroups();

  void setGroups(String groups);

  @Description("Maximum rows of the spine, from its start, for smoke runs; 0 means no limit.")
  @Default.Long(0)
  long getLimit();

  void setLimit(long limit);
}
