package ml.bqx.warehouse;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;

/** What BigQuery says when it refuses, in a line for users, and what to do about it. */
final class BigQueryErrors {
  private BigQueryErrors() {}

  static String reason(Throwable thrown) {
    if (thrown instanceof ApiException refused) {
      String code = refused.getStatusCode().getCode().name();
      return "%s (%s)%s".formatted(firstLine(refused), code, advice(code));
    }

    if (thrown instanceof HttpResponseException refused) {
      String message =
          refused instanceof GoogleJsonResponseException json && json.getDetails() != null
              ? json.getDetails().getMessage()
              : refused.getStatusMessage();
      return "%s (HTTP %d)%s"
          .formatted(message, refused.getStatusCode(), advice("" + refused.getStatusCode()));
    }

    return firstLine(thrown);
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
          "; wait until the quota is there again, or use fewer --extractionWorkers";
      case "NOT_FOUND", "404" -> "; look at --project and the names of the datasets";
      default -> "";
    };
  }
}
