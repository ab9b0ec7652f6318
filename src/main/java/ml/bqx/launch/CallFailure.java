package ml.bqx.launch;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import java.io.IOException;
import java.util.Set;

/** What a failed call to one of Google's services means. */
final class CallFailure {
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;

  /**
   * Busy for now, or broken on the way; https://cloud.google.com/apis/design/errors says which may
   * be repeated.
   */
  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);

  private CallFailure() {}

  /** The HTTP status of the answer, or 0 when there was no answer. */
  static int status(IOException thrown) {
    return thrown instanceof HttpResponseException answer ? answer.getStatusCode() : 0;
  }

  /** Whether the same call may succeed later. */
  static boolean isTransient(IOException thrown) {
    int status = status(thrown);
    return status == 0 || TRANSIENT.contains(status);
  }

  /** What the service says, or why it could not be reached. */
  static String reason(IOException thrown) {
    if (thrown instanceof GoogleJsonResponseException answer && answer.getDetails() != null) {
      GoogleJsonError details = answer.getDetails();
      return "HTTP %d, %s".formatted(answer.getStatusCode(), firstLine(details.getMessage()));
    }

    if (thrown instanceof HttpResponseException answer) {
      return "HTTP " + answer.getStatusCode();
    }

    return "%s (%s)".formatted(firstLine(thrown.getMessage()), thrown.getClass().getSimpleName());
  }

  static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("no message");
  }
}
