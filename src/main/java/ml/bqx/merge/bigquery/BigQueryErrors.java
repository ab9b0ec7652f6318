package ml.bqx.merge.bigquery;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.ServiceException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Puts what BigQuery refused into words: what was to be done, BigQuery's own message, the line of
 * the SQL it is about, and what to do.
 */
final class BigQueryErrors {
  /** How BigQuery names a place in SQL: line and column, from 1. */
  private static final Pattern PLACE = Pattern.compile("\\[(\\d+):(\\d+)\\]");

  /**
   * Failures of the service, by <a href="https://cloud.google.com/bigquery/docs/error-messages">its
   * list</a>: the same job may well succeed.
   */
  private static final Set<String> PASSING =
      Set.of(
          "backendError",
          "internalError",
          "jobBackendError",
          "jobInternalError",
          "jobRateLimitExceeded",
          "rateLimitExceeded",
          "tableUnavailable");

  private BigQueryErrors() {}

  /** Whether the same may succeed when it is done again. */
  static boolean mayPass(@Nullable BigQueryError error) {
    return error != null && PASSING.contains(error.getReason());
  }

  /**
   * An error that BigQuery answered a request with.
   *
   * @param sql what was to be run, or empty text
   */
  static ServiceException refused(String what, BigQueryException e, String sql) {
    String reason = e.getError() == null ? "" : e.getError().getReason();
    String message = String.valueOf(e.getMessage());
    return new ServiceException(words(what, reason, message, place(message, sql)), e);
  }

  /**
   * An error that a job ended with.
   *
   * @param sql what it ran, or empty text for a load job
   * @param job where BigQuery keeps it
   */
  static ServiceException failed(
      String what, BigQueryError error, List<BigQueryError> details, String sql, String job) {
    StringBuilder message = new StringBuilder(error.getMessage());
    // The first of them is often the same; the others name files and rows.
    for (BigQueryError detail : details) {
      if (message.indexOf(detail.getMessage()) < 0) {
        message.append("; ").append(detail.getMessage());
      }
    }

    return new ServiceException(
        words(what, error.getReason(), message.toString(), place(message, sql))
            + "\nBigQuery job: "
            + job);
  }

  private static String words(String what, String reason, String message, String place) {
    return "Cannot %s: BigQuery says: %s%s%s"
        .formatted(what, message, place, advice(reason, message));
  }

  private static String place(CharSequence message, String sql) {
    Matcher place = PLACE.matcher(message);
    List<String> lines = Splitter.on('\n').splitToList(sql);
    if (!place.find() || Integer.parseInt(place.group(1)) > lines.size()) {
      return "";
    }

    int line = Integer.parseInt(place.group(1));
    return "\nline %d of its SQL: %s".formatted(line, lines.get(line - 1).strip());
  }

  private static String advice(String reason, String message) {
    if (message.contains("different location")
        || message.contains("in location")
        || message.contains("same location")) {
      return "\nthe buckets of --tempLocation and --checkpoints must be in the location of the dataset; choose another bucket, or set --location";
    }

    return switch (reason == null ? "" : reason) {
      case "accessDenied" ->
          "\nthe merge needs the roles bigquery.user on the project (to run jobs and create a dataset) and storage.objectUser on the buckets";
      case "quotaExceeded", "rateLimitExceeded", "jobRateLimitExceeded" ->
          "\nwait until there is quota again or request more, or merge with --mergeMethod=stream, which needs none";
      case "bytesBilledLimitExceeded" -> "\nraise --maximumBytesBilled";
      case "resourcesExceeded" -> "\nlower --rowGroupRows, or merge with --mergeMethod=stream";
      default -> "";
    };
  }
}
