package ml.bqx.chaos.disk;

import ml.bqx.chaos.disk.Operation.Kind;

/** What can happen to an operation. */
public enum Fault {
  /** It fails and does nothing. */
  ERROR,

  /** It is done, but reported as failed. */
  ERROR_AFTER,

  /** Half of the bytes are read or written, as a disk may; no error. */
  SHORT,

  /** The disk is full after half of the bytes, and stays so. */
  FULL,

  /** The process ends before it. */
  KILL_BEFORE,

  /** The process ends when half of it is done. */
  KILL_IN,

  /** The process ends when it is done. */
  KILL_AFTER;

  /** Whether it can happen to operations of a kind. */
  public boolean appliesTo(Kind kind) {
    return switch (this) {
      case ERROR -> true;
      case ERROR_AFTER, KILL_BEFORE, KILL_AFTER -> !kind.onlyLooks();
      case SHORT -> kind == Kind.READ || kind == Kind.WRITE;
      case FULL -> kind.takesSpace();
      case KILL_IN -> kind == Kind.WRITE;
    };
  }

  /** Whether it ends the process. */
  public boolean kills() {
    return this == KILL_BEFORE || this == KILL_IN || this == KILL_AFTER;
  }
}
