package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Which rows and feature groups are taken out of the warehouse. */
@Description("What is read")
public interface SelectionOptions extends PairOptions {
  @Description(
      "First day that is read, yyyy-mm-dd in UTC, inclusive. Without it, from the first row on.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getStartDate();

  void setStartDate(@Nullable String startDate);

  @Description(
      "Last day that is read, yyyy-mm-dd in UTC, inclusive. Without it, up to the last row.")
  @TemplateParameter(TemplateParameter.DATE)
  @Nullable String getEndDate();

  void setEndDate(@Nullable String endDate);

  @Description(
      "Feature groups that are taken: a glob over the names of groups or tables, for example"
          + " agg_* or {agg,mom}_*. In quotes, or the shell may replace it.")
  @Default.String("*")
  String getGroups();

  void setGroups(String groups);

  @Description("Rows of the spine that are taken, from its start; 0 takes all. For smoke runs.")
  @Default.Long(0)
  long getLimit();

  void setLimit(long limit);
}
