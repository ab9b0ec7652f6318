package ml.bqx.options;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
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
  /** Options of the merge methods that let another engine join. */
  @Description("Merge methods duckdb, polars and bigquery")
  public interface Options extends CommandOptions {
    @Description("Memory that duckdb may use before it spills to disk, in MB or GB.")
    default String getDuckdbMemory() {
      return "4GB";
    }

    @Description(
        "Local directory for intermediate files, which are deleted at the end. Default: beside the"
            + " training file.")
    @Nullable String getSpillDirectory();

    @Description("Python interpreter that has polars installed.")
    default String getPython() {
      return "python3";
    }

    @Description("Merge with polars even if the estimate says that there is not enough memory.")
    boolean isForcePolars();

    @Description(
        "Location of the temporary BigQuery dataset, for example EU or us-central1. Default:"
            + " that of the bucket of --tempLocation. The method also requires --project and"
            + " --tempLocation=gs://bucket/folder.")
    @Nullable String getLocation();

    @Description(
        "Maximum bytes that all BigQuery queries of the merge may bill; a query that would exceed"
            + " it is not run. 0 means no limit.")
    default long getMaximumBytesBilled() {
      return 100_000_000_000L;
    }
  }

  /** Where intermediate files go. */
  public sealed interface Spill extends Serializable {
    /** Beside the training file, or to the JVM's directory when that is not on this machine. */
    record BesideTrainingFile() implements Spill {}

    /** To a directory of this machine. */
    record Directory(String path) implements Spill {}
  }

  /** Whole MB (10^6) or GB (10^9). */
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([MG])B");

  static EngineConfig from(Options options, Checks checks) {
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
