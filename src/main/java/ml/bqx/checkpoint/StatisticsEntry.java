package ml.bqx.checkpoint;

/**
 * What a manifest knows of the file of statistics.
 *
 * @param bytes its size
 * @param crc32c CRC32C of its bytes, 8 hex digits
 */
public record StatisticsEntry(long bytes, String crc32c) {
  /** Name of the file. The underscore hides it from tools that read whole directories. */
  public static final String FILE_NAME = "_statistics.parquet";

  /** Path of the file of a directory. */
  public static String path(String directory) {
    return directory + "/" + FILE_NAME;
  }
}
