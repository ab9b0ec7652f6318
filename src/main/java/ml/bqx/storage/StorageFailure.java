package ml.bqx.storage;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.common.base.Throwables;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;

/** What file systems and object stores say when they refuse, in words for a user. */
final class StorageFailure {
  private StorageFailure() {}

  /**
   * The error for users.
   *
   * @param what could not be done, with the path
   * @return wrong input when the bucket of the path does not exist, else a failed service or disk
   */
  static Failure of(String what, String path, Exception thrown) {
    String message = "%s: %s".formatted(what, reason(path, thrown));
    boolean isMissing =
        Throwables.getCausalChain(thrown).stream()
            .anyMatch(
                cause ->
                    cause instanceof GoogleJsonResponseException answer
                        && answer.getStatusCode() == HttpStatusCodes.STATUS_CODE_NOT_FOUND);
    return isMissing
        ? new InvalidInputException(message, thrown)
        : new ServiceException(message, thrown);
  }

  /** Why it failed, in a line: Google's client tells the whole request and answer. */
  static String reason(String path, Exception thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(GoogleJsonResponseException.class::isInstance)
        .map(cause -> (GoogleJsonResponseException) cause)
        .findFirst()
        .map(answer -> reason(path, answer))
        .orElseGet(() -> lastWords(thrown));
  }

  /** Outer messages only tell what was tried. */
  private static String lastWords(Exception thrown) {
    Throwable cause = Throwables.getRootCause(thrown);
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static String reason(String path, GoogleJsonResponseException answer) {
    if (answer.getStatusCode() == HttpStatusCodes.STATUS_CODE_NOT_FOUND) {
      return "there is no bucket " + GcsPath.fromUri(path).getBucket();
    }

    String said =
        answer.getDetails() == null ? answer.getStatusMessage() : answer.getDetails().getMessage();
    return "%s (HTTP status %d)".formatted(said, answer.getStatusCode());
  }
}
