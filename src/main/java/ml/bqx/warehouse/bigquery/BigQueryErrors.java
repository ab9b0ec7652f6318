package ml.bqx.warehouse.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import java.util.List;
import java.util.Set;

/** What BigQuery says when it refuses, in a line for users, and what to do about it. */
final class BigQueryErrors {
  private static final Set<String> QUOTA = Set.of("quotaExceeded", "rateLimitExceeded");

  private BigQueryErrors() {}

  static String reason(Throwable thrown) {
    if (thrown instanceof ApiException refused) {
      String code = refused.getStatusCode().getCode().name();
      return "%s (%s)%s".formatted(firstLine(refused), code, advice(code));
    }

    if (thrown instanceof GoogleJsonResponseException refused && refused.getDetails() != null) {
      String code = isQuota(refused) ? "429" : "" + refused.getStatusCode();
      return "%s (HTTP %d)%s"
          .formatted(refused.getDetails().getMessage(), refused.getStatusCode(), advice(code));
    }

    if (thrown instanceof HttpResponseException refused) {
      return "%s (HTTP %d)%s"
          .formatted(
              refused.getStatusMessage(),
              refused.getStatusCode(),
              advice("" + refused.getStatusCode()));
    }

    return firstLine(thrown);
  }

  /** BigQuery answers 403 when a quota is used up, as it does when a role is missing. */
  private static boolean isQuota(GoogleJsonResponseException refused) {
    List<GoogleJsonError.ErrorInfo> errors = refused.getDetails().getErrors();
    return errors != null
        && errors.stream().anyMatch(error -> QUOTA.contains(String.valueOf(error.getReason())));
  }

  /** Without the code that gRPC writes in front: it is told anyway. */
  private static String firstLine(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    message = message.replaceFirst("^(io\\.grpc\\.\\S+: )?[A-Z_]+: ", "");
    return message.isBlank() || message.equals("null") ? thrown.toString() : message;
  }

  private static String advice(String code) {
    return switch (code) {
      case "UNAUTHENTICATED", "401" ->
          "; log in with gcloud auth application-default login, or set"
              + " GOOGLE_APPLICATION_CREDENTIALS";
      case "PERMISSION_DENIED", "403" ->
          "; the job's account needs the roles BigQuery Data Viewer, Job User and Read Session User";
      case "RESOURCE_EXHAUSTED", "429" ->
          "; wait until there is quota again, or use fewer --extractionWorkers";
      case "NOT_FOUND", "404" -> "; check --project and the names of the datasets";
      default -> "";
    };
  }
}
