package ml.bqx.checkpoint;

/** Which program writes the files; part of every fingerprint, manifest and footer. */
public final class Tool {
  /** Checkpoints of another version are extracted again. */
  public static final String NAME_AND_VERSION = "bqx-ml 0.1.0";

  private Tool() {}
}
