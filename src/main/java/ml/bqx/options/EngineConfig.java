package ml.bqx.options;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the merge methods need to know that let another engine join, validated.
 *
 * @param duckdbMemory bytes that DuckDB may use before it spills
 * @param spillDirectory directory of this machine for what is between checkpoints and training
 *     file; null for one beside the training file, or the JVM's when that is not on this machine
 * @param python the Python interpreter that has Polars, by name or path
 * @param forcePolars whether Polars is tried when there seems to be too little memory for it
 */
public record EngineConfig(
    long duckdbMemory, @Nullable String spillDirectory, String python, boolean forcePolars)
    implements Serializable {
  /** Whole MB (10^6) or GB (10^9). */
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([MG])B");

  static EngineConfig from(EngineOptions options, Checks checks) {
    String spill = options.getSpillDirectory();
    return new EngineConfig(
        memory(options.getDuckdbMemory(), checks),
        spill == null ? null : checks.localDirectory("spillDirectory", spill),
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
