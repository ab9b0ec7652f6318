package ml.bqx.config;

import java.util.Optional;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.MergeOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Validated options of {@code --mergeMethod=bigquery}; made by {@link #of}.
 *
 * @param project who pays for the queries and owns the temporary dataset
 * @param location of the temporary dataset; empty for that of the bucket of temporary files
 * @param tempLocation {@code gs://} folder for temporary files; no slash at its end
 * @param maximumBytesBilled bytes that all queries together may bill; 0 for no bound
 */
public record BigQueryMergeConfig(
    String project, Optional<String> location, String tempLocation, long maximumBytesBilled) {
  private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9-]+");

  /** No character that means anything inside a string of SQL. */
  private static final Pattern TEMP_LOCATION = Pattern.compile("gs://[\\w./-]+");

  /** Makes it from options that {@link MergeConfig#from} has validated. */
  public static BigQueryMergeConfig of(MergeOptions options) {
    return from(options, new Checks());
  }

  /** Validates the options, adding what is wrong to the checks. */
  static BigQueryMergeConfig from(MergeOptions options, Checks checks) {
    return new BigQueryMergeConfig(
        checks.project(
            CloudProject.of(options), "the Google Cloud project that pays for the merge"),
        location(options.getLocation(), checks),
        checks.required(
            "tempLocation",
            BeamOptions.of(options).getTempLocation(),
            "gs://bucket/folder, for the files that pass to and from BigQuery",
            BigQueryMergeConfig::parseTempLocation),
        checks.notNegative("maximumBytesBilled", options.getMaximumBytesBilled()));
  }

  private static Optional<String> location(@Nullable String location, Checks checks) {
    if (location != null && !LOCATION.matcher(location).matches()) {
      checks.wrong(
          "location",
          location,
          "not a location of BigQuery (expected for example EU or us-central1)");
    }

    return Optional.ofNullable(location);
  }

  private static String parseTempLocation(String text) {
    if (!TEMP_LOCATION.matcher(text).matches()) {
      throw new InvalidInputException(
          "BigQuery cannot read and write there (expected gs://bucket/folder of letters, digits, _ . and -)");
    }

    return Locations.parse(text);
  }
}
