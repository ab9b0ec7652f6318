package ml.bqx.catalog;

/** The warehouse's tables do not make a training set; the message is for users. */
public final class CatalogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message says which table or column and what to do. */
  public CatalogException(String message) {
    super(message);
  }

  /** The message is for users; the cause is for those who debug. */
  public CatalogException(String message, Throwable cause) {
    super(message, cause);
  }
}
