package ml.bqx.launch.dataflow;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler.BackOffRequired;
import com.google.api.client.http.HttpIOExceptionHandler;
import com.google.api.client.http.HttpMethods;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.BackOff;
import com.google.api.client.util.ExponentialBackOff;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call while its service is busy or unreachable, with exponential back-off. A thread that
 * is interrupted between two attempts stays interrupted, and gets the last failure.
 */
final class CallRetries implements HttpUnsuccessfulResponseHandler, HttpIOExceptionHandler {
  /** Total time of the attempts of one call. */
  static final Duration LIMIT = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(CallRetries.class);

  /** Most failures pass within a second. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final HttpUnsuccessfulResponseHandler credentials;
  private final BackOff pauses =
      new ExponentialBackOff.Builder()
          .setInitialIntervalMillis((int) FIRST_PAUSE.toMillis())
          .setMultiplier(2)
          .setMaxIntervalMillis((int) LONGEST_PAUSE.toMillis())
          .setMaxElapsedTimeMillis((int) LIMIT.toMillis())
          .build();
  private final HttpIOExceptionHandler connections = new HttpBackOffIOExceptionHandler(pauses);
  private final HttpUnsuccessfulResponseHandler responses =
      new HttpBackOffUnsuccessfulResponseHandler(pauses).setBackOffRequired(BackOffRequired.ALWAYS);

  /** Retries of one call, after what its credentials do with a response. */
  CallRetries(HttpUnsuccessfulResponseHandler credentials) {
    this.credentials = credentials;
  }

  @Override
  public boolean handleResponse(HttpRequest request, HttpResponse response, boolean supportsRetry)
      throws IOException {
    if (credentials.handleResponse(request, response, supportsRetry)) {
      return true;
    }

    if (!CallFailure.mayBeTransient(response.getStatusCode())) {
      return false;
    }

    // Consumes the response: only its body distinguishes a limit from a permission.
    IOException failure =
        GoogleJsonResponseException.from(GsonFactory.getDefaultInstance(), response);
    if (CallFailure.isTransient(failure)) {
      log(request, CallFailure.reason(failure), supportsRetry);
      if (responses.handleResponse(request, response, supportsRetry)) {
        return true;
      }
    }

    throw failure;
  }

  /** A POST may have had its effect before the connection broke: its caller must check first. */
  @Override
  public boolean handleIOException(HttpRequest request, boolean supportsRetry) throws IOException {
    boolean mayRepeat = supportsRetry && !HttpMethods.POST.equals(request.getRequestMethod());
    log(request, "no answer", mayRepeat);
    return connections.handleIOException(request, mayRepeat);
  }

  private static void log(HttpRequest request, String reason, boolean mayRepeat) {
    if (mayRepeat) {
      String address = request.getUrl().buildAuthority() + request.getUrl().getRawPath();
      LOG.warn("{} {}: {}; trying again", request.getRequestMethod(), address, reason);
    }
  }
}
