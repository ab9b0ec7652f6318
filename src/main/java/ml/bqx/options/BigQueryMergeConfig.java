package ml.bqx.options;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code --mergeMethod=bigquery} needs to know, validated; made by {@link #from}.
 *
 * @param project who pays for the queries and owns the temporary dataset
 * @param location of the temporary dataset, or null for where the bucket of temporary files lies
 * @param tempLocation {@code gs://} folder for temporary files; no slash at its end
 * @param maximumBytesBilled bytes that all queries together may bill; 0 for no bound
 */
public record BigQueryMergeConfig(
    String project, @Nullable String location, String tempLocation, long maximumBytesBilled)
    implements Serializable {
  // With the domain in front that old projects have: example.com:project.
  private static final Pattern PROJECT = Pattern.compile("([a-z0-9.-]+:)?[a-z][a-z0-9-]*");
  private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9-]+");

  /** No character that means anything inside a string of SQL. */
  private static final Pattern TEMP_LOCATION = Pattern.compile("gs://[\\w./-]+");

  /** Validates the options, adding what is wrong to the checks. */
  static BigQueryMergeConfig from(MergeOptions options, Checks checks) {
    return new BigQueryMergeConfig(
        project(options.as(GcpOptions.class).getProject(), checks),
        location(options.getLocation(), checks),
        tempLocation(options.getTempLocation(), checks),
        checks.notNegative("maximumBytesBilled", options.getMaximumBytesBilled()));
  }

  private static @Nullable String project(@Nullable String project, Checks checks) {
    if (project == null || !PROJECT.matcher(project).matches()) {
      checks.problem(
          project == null
              ? "--project is required with --mergeMethod=bigquery (expected a Google Cloud project)"
              : "--project=%s: not a Google Cloud project",
          project);
    }

    return project;
  }

  private static @Nullable String location(@Nullable String location, Checks checks) {
    if (location != null && !LOCATION.matcher(location).matches()) {
      checks.problem(
          "--location=%s: not a location of BigQuery (expected for example EU or us-central1)",
          location);
    }

    return location;
  }

  private static @Nullable String tempLocation(@Nullable String tempLocation, Checks checks) {
    if (tempLocation == null || !TEMP_LOCATION.matcher(tempLocation).matches()) {
      checks.problem(
          tempLocation == null
              ? "--tempLocation is required with --mergeMethod=bigquery (expected gs://bucket/folder, where files pass to and from BigQuery)"
              : "--tempLocation=%s: BigQuery cannot read and write there (expected gs://bucket/folder of letters, digits, _ . and -)",
          tempLocation);
      return tempLocation;
    }

    return checks.directory("tempLocation", tempLocation);
  }
}
