package ml.bqx.http;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler.BackOffRequired;
import com.google.api.client.http.HttpIOExceptionHandler;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.BackOff;
import com.google.api.client.util.ExponentialBackOff;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call while its service is busy or unreachable, with exponential back-off. A thread that
 * is interrupted between two attempts stays interrupted, and gets the last failure.
 *
 * @param credentials what the request's credentials do with a response
 * @param isTransient whether the same call may succeed after that answer
 * @param isRepeatable whether the call may be made twice: when a connection breaks, nobody knows
 *     whether the first attempt had its effect
 */
public record CallRetries(
    HttpUnsuccessfulResponseHandler credentials,
    BackOff pauses,
    Predicate<IOException> isTransient,
    Predicate<HttpRequest> isRepeatable)
    implements HttpUnsuccessfulResponseHandler, HttpIOExceptionHandler {
  /** Total time of the attempts of one call, where no option says otherwise. */
  public static final Duration LIMIT = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(CallRetries.class);

  /** Most failures pass within a second. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Lets a request that has its credentials be repeated, for so long. */
  public static void allow(
      HttpRequest request,
      Duration limit,
      Predicate<IOException> isTransient,
      Predicate<HttpRequest> isRepeatable) {
    BackOff pauses =
        new ExponentialBackOff.Builder()
            .setInitialIntervalMillis((int) FIRST_PAUSE.toMillis())
            .setMultiplier(2)
            .setMaxIntervalMillis((int) LONGEST_PAUSE.toMillis())
            .setMaxElapsedTimeMillis((int) limit.toMillis())
            .build();
    // Requests without credentials have no handler.
    HttpUnsuccessfulResponseHandler credentials =
        Objects.requireNonNullElse(
            request.getUnsuccessfulResponseHandler(), (call, response, supportsRetry) -> false);
    CallRetries retries = new CallRetries(credentials, pauses, isTransient, isRepeatable);
    request
        .setNumberOfRetries(Integer.MAX_VALUE)
        .setUnsuccessfulResponseHandler(retries)
        .setIOExceptionHandler(retries);
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
    if (isTransient.test(failure)) {
      log(request, CallFailure.reason(failure), supportsRetry);
      if (new HttpBackOffUnsuccessfulResponseHandler(pauses)
          .setBackOffRequired(BackOffRequired.ALWAYS)
          .handleResponse(request, response, supportsRetry)) {
        return true;
      }
    }

    throw failure;
  }

  @Override
  public boolean handleIOException(HttpRequest request, boolean supportsRetry) throws IOException {
    boolean mayRepeat = supportsRetry && isRepeatable.test(request);
    log(request, "no answer", mayRepeat);
    return new HttpBackOffIOExceptionHandler(pauses).handleIOException(request, mayRepeat);
  }

  private static void log(HttpRequest request, String reason, boolean mayRepeat) {
    if (mayRepeat) {
      String address = request.getUrl().buildAuthority() + request.getUrl().getRawPath();
      LOG.warn("{} {}: {}; trying again", request.getRequestMethod(), address, reason);
    }
  }
}
