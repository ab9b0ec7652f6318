package ml.bqx.warehouse;

/** Told after each table of a long piece of work; several threads may tell at once. */
@FunctionalInterface
public interface TableProgress {
  /** For those who do not want to know. */
  TableProgress NONE = (tables, of) -> {};

  /** So many tables are done, of so many. */
  void done(int tables, int of);
}
