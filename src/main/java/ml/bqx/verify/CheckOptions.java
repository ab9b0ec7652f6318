package ml.bqx.verify;

import ml.bqx.options.CommandOptions;
import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code check}; {@link CheckConfig#from} validates them. */
@Description("What is checked")
public interface CheckOptions extends CommandOptions {
  @Description(
      "Training file, or directory of a pair's checkpoints such as checkpoints/eurusd, to check:"
          + " a local path or gs://bucket/folder/file. --file= can be left out: check FILE.")
  @Nullable String getFile();

  @Description(
      "Directory or gs://bucket/folder of the checkpoints. The checkpoints of --pair are checked"
          + " against their manifest.")
  @Nullable String getCheckpoints();

  @Description(
      "Directory or gs://bucket/folder of training files. The training file of --pair is checked.")
  @Nullable String getOutput();

  @Description("Currency pair, for example eurusd. Required with --checkpoints and --output.")
  @Nullable String getPair();
}
