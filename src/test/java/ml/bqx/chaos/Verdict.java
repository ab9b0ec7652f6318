package ml.bqx.chaos;

/** What came of an accident. */
enum Verdict {
  SURVIVED("survived"),

  /** A file under a final name holds something wrong, or the exit code says 0 of it. */
  WRONG("wrong"),

  /** A file under a final name that no reader opens. */
  UNREADABLE("unreadable"),

  /** The exit code was 0, and what it promised is gone. */
  LOST("lost"),

  /** The next run does not repair it. */
  STUCK("stuck"),

  /** Exit code 1 where nothing stood in the way. */
  GAVE_UP("gave up"),

  /** Exit code 1 with a message that does not say what happened and where. */
  UNCLEAR("unclear"),

  /** Temporary files stay. */
  LEFT_BEHIND("left behind"),

  /** No end in sight. */
  HANGS("hangs"),

  /** The harness itself failed. */
  HARNESS("harness"),

  /** The accident did not come about, as when an operation does not occur in this run. */
  MISSED("missed");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
