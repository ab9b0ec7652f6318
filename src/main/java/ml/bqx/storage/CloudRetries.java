package ml.bqx.storage;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.cloud.storage.StorageRetryStrategy;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.util.List;
import ml.bqx.http.CallFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which failed calls to Cloud Storage are repeated: all that may pass, also those that change
 * something. Each of ours has the same effect when it is done twice: it writes the same bytes under
 * a name that no other attempt has, or says which generation it replaces.
 *
 * @see <a href="https://cloud.google.com/storage/docs/retry-strategy">Retry strategy</a>
 */
final class CloudRetries implements StorageRetryStrategy {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(CloudRetries.class);

  /** Of the HTTP clients of Google and of the JDK, when a connection breaks within an answer. */
  private static final List<String> CUT_OFF =
      List.of("Connection closed prematurely", "Premature EOF");

  @Override
  public ResultRetryAlgorithm<?> getIdempotentHandler() {
    return new Repeated();
  }

  @Override
  public ResultRetryAlgorithm<?> getNonidempotentHandler() {
    return new Repeated();
  }

  private static final class Repeated extends BasicResultRetryAlgorithm<Object> {
    private final ResultRetryAlgorithm<?> usual =
        StorageRetryStrategy.getDefaultStorageRetryStrategy().getIdempotentHandler();

    @Override
    public boolean shouldRetry(Throwable thrown, Object answer) {
      Throwable cause = Throwables.getRootCause(thrown);
      boolean isTransient =
          cause instanceof HttpResponseException refused && CallFailure.isTransient(refused);
      boolean repeat = isTransient || isCutOff(cause) || usual.shouldRetry(thrown, null);
      if (repeat && cause instanceof IOException failure) {
        LOG.warn("{}: {}; trying again", request(failure), CallFailure.reason(failure));
      }

      return repeat;
    }

    /** The answer ends in the middle: what it was about may be done, or not. */
    private static boolean isCutOff(Throwable cause) {
      String said = String.valueOf(cause.getMessage());
      return cause instanceof IOException && CUT_OFF.stream().anyMatch(said::contains);
    }

    /** Google's client gives status, request and answer, in this order, on a line each. */
    private static String request(IOException failure) {
      return String.valueOf(failure.getMessage())
          .lines()
          .skip(1)
          .findFirst()
          .orElse("Cloud Storage");
    }
  }
}
