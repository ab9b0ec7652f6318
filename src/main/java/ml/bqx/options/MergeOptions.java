package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import ml.bqx.options.declaration.TemplateParameter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code merge}; {@code MergeConfig#from} validates them. */
@Description("Merge")
public interface MergeOptions
    extends PairOptions,
        CheckpointOptions,
        ChoiceOptions,
        SplitOptions,
        GateOptions,
        ForeignSetOptions,
        EngineOptions {
  @Description("Directory or gs://bucket/folder for training_{pair}.parquet.")
  @Required
  @TemplateParameter(TemplateParameter.FOLDER)
  @Nullable String getOutput();

  @Description("How the checkpoints are joined; all methods give the same table.")
  default MergeMethod getMergeMethod() {
    return MergeMethod.BEAM;
  }

  @Description(
      "Compression of Parquet pages: snappy, zstd, none; or best, which is zstd with each column"
          + " chunk in the encoding that makes it smallest. Default: pages that are copied keep"
          + " theirs, others get snappy.")
  @Nullable Compression getCompression();

  @Description(
      "Encode pages again, instead of copying them, when --compression asks for another compression"
          + " than theirs.")
  boolean isRecompress();

  @Description("Exact number of features required; 0 disables the check.")
  default int getExpectedFeatures() {
    return 0;
  }

  @Description("Exact number of targets required; 0 disables the check.")
  default int getExpectedTargets() {
    return 0;
  }

  @Description("Minimum rows of the training file; 0 disables the check.")
  default long getMinRows() {
    return 0;
  }

  @Description("Minimum number of checkpoints, targets included; 0 disables the check.")
  default int getMinCheckpoints() {
    return 0;
  }

  @Description(
      "Delete the checkpoints of the pair when the training file is verified and has its name: the"
          + " next extraction reads all tables again. Kept all the same when another run uses them.")
  boolean isDeleteCheckpoints();
}
