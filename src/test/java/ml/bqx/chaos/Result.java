package ml.bqx.chaos;

/**
 * What came of an accident.
 *
 * @param detail what was found, for whoever looks into a failure
 */
record Result(Verdict verdict, String detail) {
  static final Result SURVIVED = new Result(Verdict.SURVIVED, "");

  static final Result MISSED = new Result(Verdict.MISSED, "");

  boolean survived() {
    return verdict == Verdict.SURVIVED;
  }

  /** A look at what an accident has left. */
  interface Look {
    Result look() throws Exception;
  }

  /** This one if it is a failure, otherwise what comes next. */
  Result then(Look next) throws Exception {
    return survived() ? next.look() : this;
  }

  /** The same, with a word before the detail. */
  Result in(String phase) {
    return survived() ? this : new Result(verdict, phase + ": " + detail);
  }
}
