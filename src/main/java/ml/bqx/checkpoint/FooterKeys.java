package ml.bqx.checkpoint;

/** Key-values in the footers of checkpoints and training files. */
public final class FooterKeys {
  /** The warehouse table of a checkpoint: {@code dataset.table}. */
  public static final String SOURCE_TABLE = "bqx.sourceTable";

  /** When the source table was last written, ISO 8601, or {@code unknown}. */
  public static final String LAST_MODIFIED = "bqx.lastModified";

  /** Layout of a checkpoint: {@code aligned} promises that its rows are exactly the spine. */
  public static final String LAYOUT = "bqx.layout";

  /** The compression that a checkpoint was extracted with. */
  public static final String COMPRESSION = "bqx.compression";

  /** {@code float32} when doubles were stored as the nearest FLOATs; not there otherwise. */
  public static final String FLOAT_TYPE = "bqx.floatType";

  /** Fingerprint of the spine. */
  public static final String SPINE = "bqx.spine";

  /** Fingerprint of the extraction's options. */
  public static final String OPTIONS = "bqx.options";

  /** Fingerprint of everything that determines a checkpoint's content. */
  public static final String CHECKPOINT = "bqx.checkpoint";

  /** Name and version of what wrote the file. */
  public static final String TOOL = "bqx.tool";

  /** Fingerprint of the manifest a training file was merged from, or {@link #NO_MANIFEST}. */
  public static final String MANIFEST = "bqx.manifest";

  /** The fingerprint of a manifest when there is none. */
  public static final String NO_MANIFEST = "none";

  /** Number of features in a training file. */
  public static final String FEATURES = "bqx.features";

  /** Number of targets in a training file. */
  public static final String TARGETS = "bqx.targets";

  /** JSON object in a training file: feature group to source table (or file). */
  public static final String LINEAGE = "bqx.lineage";

  /** JSON object in a training file that does not have all that its checkpoints offer. */
  public static final String CHOICE = "bqx.choice";

  /** JSON object in a training file: which rows are for what. */
  public static final String SPLITS = "bqx.splits";

  /** Name of the part of the rows that a file has which holds one. */
  public static final String PART = "bqx.part";

  /**
   * JSON object in a training file: the texts of each encoded column, in the order of their codes.
   */
  public static final String DICTIONARIES = "bqx.dictionaries";

  private FooterKeys() {}
}
