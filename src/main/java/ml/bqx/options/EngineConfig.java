package ml.bqx.options;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the merge methods need to know that let another engine join, validated.
 *
 * @param duckdbMemory bytes that DuckDB may use before it spills
 * @param spillDirectory directory of this machine for what lies between checkpoints and training
 *     file; null for one beside the training file
 * @param python the Python interpreter that has Polars, by name or path
 * @param forcePolars whether Polars is tried when there seems to be too little memory for it
 */
public record EngineConfig(
    long duckdbMemory, @Nullable String spillDirectory, String python, boolean forcePolars)
    implements Serializable {

  static EngineConfig from(EngineOptions options, Checks checks) {
    String spill = options.getSpillDirectory();
    return new EngineConfig(
        checks.memory("duckdbMemory", options.getDuckdbMemory()),
        spill == null ? null : checks.localDirectory("spillDirectory", spill),
        options.getPython(),
        options.isForcePolars());
  }
}
