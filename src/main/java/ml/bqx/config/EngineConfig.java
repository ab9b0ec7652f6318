package ml.bqx.config;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.EngineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Validated options of the merge methods that let another engine join.
 *
 * @param duckdbMemory bytes that DuckDB may use before it spills
 * @param spill where files between checkpoints and training file go
 * @param python the Python interpreter that has Polars, by name or path
 * @param forcePolars whether Polars is tried when there seems to be too little memory for it
 */
public record EngineConfig(long duckdbMemory, Spill spill, String python, boolean forcePolars)
    implements Serializable {
  /** Where intermediate files go. */
  public sealed interface Spill extends Serializable {
    /** Beside the training file, or to the JVM's directory when that is not on this machine. */
    record BesideTrainingFile() implements Spill {}

    /** To a directory of this machine. */
    record Directory(String path) implements Spill {}
  }

  /** Whole MB (10^6) or GB (10^9). */
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([MG])B");

  static EngineConfig from(EngineOptions options, Checks checks) {
    String spill = options.getSpillDirectory();
    return new EngineConfig(
        memory(options.getDuckdbMemory(), checks),
        spill == null
            ? new Spill.BesideTrainingFile()
            : new Spill.Directory(checks.localDirectory("spillDirectory", spill)),
        options.getPython(),
        options.isForcePolars());
  }

  private static long memory(@Nullable String text, Checks checks) {
    Long bytes =
        checks.required(
            "duckdbMemory", text, "a size, for example 4GB or 500MB", EngineConfig::parseMemory);
    return bytes == null ? 0 : bytes;
  }

  private static long parseMemory(String text) {
    Matcher matcher = MEMORY.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new InvalidInputException("not a size (expected for example 4GB or 500MB)");
    }

    return Long.parseLong(matcher.group(1))
        * (matcher.group(2).equals("G") ? 1_000_000_000 : 1_000_000);
  }
}
