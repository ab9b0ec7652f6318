package ml.bqx.warehouse.bigquery;

import com.google.common.util.concurrent.SimpleTimeLimiter;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.TimeLimiter;
import com.google.common.util.concurrent.UncheckedExecutionException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import ml.bqx.bigquery.BigQueryErrors;
import ml.bqx.failure.ServiceException;

/**
 * Calls to Storage Read for one table: each within a time, and with errors that name the table.
 *
 * @param table {@code projects/.../datasets/.../tables/...}
 * @param timeout how long a call may take, retries of the client included
 */
record TimedRead(String table, Duration timeout) implements Serializable {
  private static final TimeLimiter LIMITER =
      SimpleTimeLimiter.create(
          Executors.newCachedThreadPool(
              new ThreadFactoryBuilder().setDaemon(true).setNameFormat("storage-read-%d").build()));

  /**
   * Does a call.
   *
   * @throws ServiceException when it fails, or takes too long
   */
  <T> T call(Callable<T> call) {
    try {
      return LIMITER.callWithTimeout(call, timeout);
    } catch (TimeoutException e) {
      throw new ServiceException(
          "Cannot read table %s: BigQuery did not answer for %d seconds (--storageReadTimeout)"
              .formatted(name(), timeout.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Stopped while reading table " + name(), e);
    } catch (ExecutionException | UncheckedExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new ServiceException(
          "Cannot read table %s: %s".formatted(name(), BigQueryErrors.reason(cause)), cause);
    }
  }

  /** {@code dataset.table}, as discovery writes it. */
  String name() {
    String[] parts = table.split("/", -1);
    return parts.length == 6 ? parts[3] + "." + parts[5] : table;
  }
}
