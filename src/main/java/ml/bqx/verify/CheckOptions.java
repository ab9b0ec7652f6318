package ml.bqx.verify;

import ml.bqx.options.CommandOptions;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code check}; {@link CheckConfig#from} validates them. */
@Description("What is checked")
public interface CheckOptions extends CommandOptions {
  @Description("Training file to check: a local path or gs://bucket/folder/file.")
  @Nullable String getFile();

  void setFile(@Nullable String file);

  @Description(
      "Directory or gs://bucket/folder of the checkpoints. The checkpoints of --pair are checked"
          + " against their manifest.")
  @Nullable String getCheckpoints();

  void setCheckpoints(@Nullable String checkpoints);

  @Description(
      "Directory or gs://bucket/folder of training files. The training file of --pair is checked.")
  @Nullable String getOutput();

  void setOutput(@Nullable String output);

  @Description("Currency pair, for example eurusd. Required with --checkpoints and --output.")
  @Nullable String getPair();

  void setPair(@Nullable String pair);
}
