package ml.bqx.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.services.bigquery.model.ErrorProto;
import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What BigQuery says when it refuses, in words for users, and what to do about it.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">BigQuery's list</a>
 */
public final class BigQueryErrors {
  /** How BigQuery names a place in SQL: line and column, from 1. */
  private static final Pattern PLACE = Pattern.compile("\\[(\\d+):(\\d+)\\]");

  /** How BigQuery refuses a snapshot time, with the first that it takes in milliseconds. */
  private static final Pattern HISTORY =
      Pattern.compile("Invalid snapshot time.*Cannot read before (\\d+)");

  /** BigQuery answers 403 when a quota is used up, as it does when a role is missing. */
  private static final String QUOTA = "quotaExceeded";

  private static final Set<String> LIMITS =
      Set.of(QUOTA, "rateLimitExceeded", "jobRateLimitExceeded");

  /** Failures of the service: the same job may succeed. */
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

  /** Whether a job that ended so may succeed when it is run again. */
  public static boolean mayPass(@Nullable ErrorProto error) {
    return error != null && PASSING.contains(Strings.nullToEmpty(error.getReason()));
  }

  /**
   * Whether a request may succeed when it is made again: a quota lasts longer than anyone waits.
   */
  static boolean mayPass(IOException thrown) {
    return CallFailure.isTransient(thrown) && !CallFailure.code(thrown).equals(QUOTA);
  }

  /** Whether a query was refused for one of its tables, and not for its limits or connection. */
  public static boolean isAboutTables(IOException thrown) {
    return !CallFailure.isTransient(thrown);
  }

  /** Why a read of tables was refused, and what to do, in a line. */
  public static String reason(Throwable thrown) {
    String status = "";
    if (thrown instanceof ApiException refused) {
      status = refused.getStatusCode().getCode().name();
    } else if (thrown instanceof HttpResponseException refused) {
      status = "HTTP " + refused.getStatusCode();
    }

    String inBrackets = status.isEmpty() ? "" : " (" + status + ")";
    return message(thrown) + inBrackets + readAdvice(thrown, status);
  }

  /**
   * An error that BigQuery answered a request of a merge with.
   *
   * @param sql what was to be run, or empty text
   */
  public static ServiceException refused(String what, IOException thrown, String sql) {
    return new ServiceException(
        words(what, CallFailure.code(thrown), message(thrown), sql), thrown);
  }

  /**
   * An error that a job of a merge ended with.
   *
   * @param sql what it ran, or empty text for a load job
   * @param job where BigQuery keeps it
   */
  public static ServiceException failed(
      String what, ErrorProto error, List<ErrorProto> details, String sql, String job) {
    StringBuilder message = new StringBuilder(error.getMessage());
    // The first of them is often the same; the others name files and rows.
    for (ErrorProto detail : details) {
      if (message.indexOf(detail.getMessage()) < 0) {
        message.append("; ").append(detail.getMessage());
      }
    }

    return new ServiceException(
        words(what, Strings.nullToEmpty(error.getReason()), message.toString(), sql)
            + "\nBigQuery job: "
            + job);
  }

  /** BigQuery's own message. */
  public static String message(Throwable thrown) {
    if (thrown instanceof GoogleJsonResponseException refused && refused.getDetails() != null) {
      return refused.getDetails().getMessage();
    } else if (thrown instanceof HttpResponseException refused) {
      return String.valueOf(refused.getStatusMessage());
    }

    // Without the code that gRPC writes in front, which the message has anyway.
    String message = CallFailure.firstLine(Strings.nullToEmpty(thrown.getMessage()));
    message = message.replaceFirst("^(io\\.grpc\\.\\S+: )?[A-Z_]+: ", "");
    return thrown.getMessage() == null || message.isBlank() ? thrown.toString() : message;
  }

  private static String words(String what, String reason, String message, String sql) {
    return "Cannot %s: BigQuery says: %s%s%s"
        .formatted(what, message, place(message, sql), mergeAdvice(reason, message));
  }

  private static String place(String message, String sql) {
    Matcher place = PLACE.matcher(message);
    List<String> lines = Splitter.on('\n').splitToList(sql);
    if (!place.find() || Integer.parseInt(place.group(1)) > lines.size()) {
      return "";
    }

    int line = Integer.parseInt(place.group(1));
    return "\nline %d of its SQL: %s".formatted(line, lines.get(line - 1).strip());
  }

  private static String readAdvice(Throwable thrown, String status) {
    String message = message(thrown);
    Matcher history = HISTORY.matcher(message);
    if (message.contains("row access policies")) {
      return "; use --snapshotTime=none, or grant the job's account bigquery.rowAccessPolicies.overrideTimeTravelRestrictions";
    } else if (history.find()) {
      return "; its history begins at %s, when it was created or its dataset's time travel window begins: use a later --snapshotTime, or --snapshotTime=none"
          .formatted(Instant.ofEpochMilli(Long.parseLong(history.group(1))));
    } else if (message.contains("partition elimination")) {
      return "; change its --rowFilter";
    }

    return switch (LIMITS.contains(CallFailure.code(thrown)) ? QUOTA : status) {
      case "UNAUTHENTICATED", "HTTP 401" ->
          "; log in with gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS";
      case "PERMISSION_DENIED", "HTTP 403" ->
          "; the job's account needs the roles BigQuery Data Viewer, Job User and Read Session User";
      case "RESOURCE_EXHAUSTED", "HTTP 429", QUOTA ->
          "; wait until there is quota again, or use fewer --extractionWorkers";
      case "NOT_FOUND", "HTTP 404" -> "; check --project and the names of the datasets";
      default -> "";
    };
  }

  private static String mergeAdvice(String reason, String message) {
    if (message.contains("different location")
        || message.contains("in location")
        || message.contains("same location")) {
      return "\nthe buckets of --tempLocation and --checkpoints must be in the location of the dataset; choose another bucket, or set --location";
    }

    return switch (reason) {
      case "accessDenied" ->
          "\nthe merge needs the roles bigquery.user on the project (to run jobs and create a dataset) and storage.objectUser on the buckets";
      case QUOTA, "rateLimitExceeded", "jobRateLimitExceeded" ->
          "\nwait until there is quota again or request more, or merge with --mergeMethod=stream, which needs none";
      case "bytesBilledLimitExceeded" -> "\nraise --maximumBytesBilled";
      case "resourcesExceeded" -> "\nlower --rowGroupRows, or merge with --mergeMethod=stream";
      default -> "";
    };
  }
}
