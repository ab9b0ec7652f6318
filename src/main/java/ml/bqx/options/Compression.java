package ml.bqx.options;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the pages of a Parquet file are compressed. */
public enum Compression {
  /** Fast, and read everywhere. */
  SNAPPY,
  /** Smaller and slower than snappy. */
  ZSTD,
  /** Zstandard, and each column chunk in the encoding that makes it smallest. */
  BEST,
  /** Not at all. */
  NONE;

  /** As the Parquet format calls it. */
  public String codec() {
    return switch (this) {
      case SNAPPY, ZSTD -> name();
      case BEST -> ZSTD.name();
      case NONE -> "UNCOMPRESSED";
    };
  }

  /** As it is written on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return Spelling.of(this);
  }
}
