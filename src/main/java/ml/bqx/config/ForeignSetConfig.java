package ml.bqx.config;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.ZoneId;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.MergeOptions;
import ml.bqx.options.PartsPolicy;
import ml.bqx.options.RepeatedTimePolicy;
import ml.bqx.options.UnsupportedTypePolicy;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How checkpoints are taken that another tool wrote, validated.
 *
 * @param parts what numbered files are that share columns
 * @param union whether columns are taken that only some parts of a table have, or that they have in
 *     different types
 * @param renameColumns whether names are repaired that are not identifiers
 * @param onUnsupportedType what becomes of columns of unsupported types
 * @param timeZone zone of keys that are stored without one; null when it was not given
 * @param repeatedTimes what such keys are when clocks showed their time twice
 */
public record ForeignSetConfig(
    PartsPolicy parts,
    boolean union,
    boolean renameColumns,
    UnsupportedTypePolicy onUnsupportedType,
    @Nullable ZoneId timeZone,
    RepeatedTimePolicy repeatedTimes)
    implements Serializable {
  static ForeignSetConfig from(MergeOptions options, Checks checks) {
    String zone = options.getTimeZone();
    return new ForeignSetConfig(
        options.getParts(),
        options.isUnion(),
        options.isRenameColumns(),
        options.getOnUnsupportedType(),
        zone == null
            ? null
            : checks.required("timeZone", zone, "a time zone", ForeignSetConfig::parseZone),
        options.getRepeatedTimes());
  }

  private static ZoneId parseZone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new InvalidInputException(
          "not a time zone (expected for example America/New_York or UTC)", e);
    }
  }
}
