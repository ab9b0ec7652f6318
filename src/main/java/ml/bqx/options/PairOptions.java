package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The pair, for the commands that work on one. */
@Description("The pair")
public interface PairOptions extends CommandOptions {
  @Description("Currency pair, for example eurusd.")
  @Required
  @TemplateParameter(TemplateParameter.PAIR)
  @Nullable String getPair();
}
