package ml.bqx.storage;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.storage.StorageException;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What file systems and object stores say when they refuse, in words for a user. */
final class StorageFailure {
  private StorageFailure() {}

  /**
   * Makes a call to Cloud Storage.
   *
   * @param what cannot be done if it fails, with the path
   * @throws Failure when it fails
   */
  static <T extends @Nullable Object> T call(String what, String path, Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageException e) {
      throw of(what, path, e);
    }
  }

  /**
   * The error for users.
   *
   * @param what could not be done, with the path
   * @return wrong input when the bucket of the path does not exist, else a failed service or disk
   */
  static Failure of(String what, String path, Exception thrown) {
    String message = "%s: %s".formatted(what, reason(path, thrown));
    return isMissing(thrown)
        ? new InvalidInputException(message, thrown)
        : new ServiceException(message, thrown);
  }

  /** Whether Cloud Storage has no such bucket, object or generation. */
  static boolean isMissing(Exception thrown) {
    return hasStatus(thrown, HttpURLConnection.HTTP_NOT_FOUND);
  }

  /** Whether an object is not in the generation that it was to be replaced in. */
  static boolean isChanged(Exception thrown) {
    return hasStatus(thrown, HttpURLConnection.HTTP_PRECON_FAILED);
  }

  private static boolean hasStatus(Exception thrown, int status) {
    return answer(thrown).filter(answer -> answer.getStatusCode() == status).isPresent();
  }

  private static Optional<HttpResponseException> answer(Exception thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(HttpResponseException.class::isInstance)
        .map(HttpResponseException.class::cast)
        .findFirst();
  }

  /** Why it failed, in a line. */
  static String reason(String path, Exception thrown) {
    return answer(thrown)
        .map(answer -> reason(path, answer))
        .orElseGet(() -> lastWords(path, thrown));
  }

  /** Outer messages only say what was tried. */
  private static String lastWords(String path, Exception thrown) {
    Throwable cause = Throwables.getRootCause(thrown);
    String said =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    if (Throwables.getCausalChain(thrown).stream().anyMatch(StorageException.class::isInstance)) {
      return "no answer from Cloud Storage (%s); run again".formatted(CallFailure.firstLine(said));
    }

    return cause instanceof IOException io ? ServiceException.reason(io, path) : said;
  }

  private static String reason(String path, HttpResponseException answer) {
    String said = CallFailure.reason(answer);
    if (CallFailure.isTransient(answer)) {
      return said + "; the service is busy, run again later";
    }

    return switch (answer.getStatusCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the credentials are not accepted (%s); run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS"
              .formatted(said);
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "no permission (%s); the account needs roles/storage.objectViewer on the bucket to read, roles/storage.objectUser to write"
              .formatted(said);
      case HttpURLConnection.HTTP_NOT_FOUND ->
          said.contains("No such object")
              ? "it is not there any more"
              : "there is no bucket " + CloudObject.bucket(path);
      case HttpURLConnection.HTTP_PRECON_FAILED ->
          "another run has written it meanwhile; run again";
      default -> said;
    };
  }
}
