package ml.bqx.http;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonErrorContainer;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.json.gson.GsonFactory;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a failed call to one of Google's services means. */
public final class CallFailure {
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;

  /**
   * Busy, or the connection is broken; https://cloud.google.com/apis/design/errors lists which may
   * be repeated.
   */
  private static final Set<Integer> TRANSIENT = Set.of(408, TOO_MANY, 500, 502, 503, 504);

  /**
   * Reasons of a 403 that is about a limit, not about permissions;
   * https://cloud.google.com/storage/docs/json_api/v1/status-codes#403-forbidden
   */
  private static final Set<String> LIMITS =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");

  private CallFailure() {}

  /** The HTTP status of the answer, or 0 when there was no answer. */
  public static int status(IOException thrown) {
    return thrown instanceof HttpResponseException answer ? answer.getStatusCode() : 0;
  }

  /** Whether the same call may succeed later. */
  public static boolean isTransient(IOException thrown) {
    int status = status(thrown);
    return status == 0 || TRANSIENT.contains(status) || isLimit(thrown);
  }

  /** Whether an answer of that status may be transient; its body decides. */
  static boolean mayBeTransient(int status) {
    return status == FORBIDDEN || TRANSIENT.contains(status);
  }

  /** Whether there were too many calls or jobs, of this caller or of others. */
  public static boolean isLimit(IOException thrown) {
    return status(thrown) == TOO_MANY
        || (status(thrown) == FORBIDDEN && LIMITS.contains(code(thrown)));
  }

  /** The word that distinguishes errors of one status; empty when there is none. */
  public static String code(Throwable thrown) {
    return details(thrown)
        .map(GoogleJsonError::getErrors)
        .filter(errors -> !errors.isEmpty())
        .map(errors -> errors.get(0).getReason())
        .orElse("");
  }

  /** The message of the service, or why it could not be reached. */
  public static String reason(IOException thrown) {
    if (thrown instanceof HttpResponseException answer) {
      return "HTTP %d%s"
          .formatted(
              answer.getStatusCode(),
              details(answer).map(details -> ", " + firstLine(details.getMessage())).orElse(""));
    }

    return "%s (%s)".formatted(firstLine(thrown.getMessage()), thrown.getClass().getSimpleName());
  }

  /** What the service said. An upload's or a download's answer is passed on as it came. */
  private static Optional<GoogleJsonError> details(Throwable thrown) {
    if (thrown instanceof GoogleJsonResponseException answer) {
      return Optional.ofNullable(answer.getDetails());
    }

    try {
      return thrown instanceof HttpResponseException answer && answer.getContent() != null
          ? Optional.ofNullable(
              GsonFactory.getDefaultInstance()
                  .fromString(answer.getContent(), GoogleJsonErrorContainer.class)
                  .getError())
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      // A proxy's page, for example.
      return Optional.empty();
    }
  }

  /** The first line of a message, which may be missing. */
  public static String firstLine(@Nullable String text) {
    return String.valueOf(text).lines().findFirst().orElse("no message");
  }
}
