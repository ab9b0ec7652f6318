package ml.bqx.launch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.failure.InvalidInputException;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;

/**
 * Checks the training file of a merge: the end of its footer, and whether it was made from the
 * checkpoints as they are now. The merge itself verified the content before publishing the file.
 */
final class TrainingCheck {
  /** Footer length (4 bytes, little-endian) and {@code PAR1}, as the Parquet format has it. */
  private static final int TAIL_BYTES = 8;

  private static final int MAGIC = 0x31524150;

  private final LauncherConfig config;
  private final CloudFiles files;

  TrainingCheck(LauncherConfig config, CloudFiles files) {
    this.config = config;
    this.files = files;
  }

  /** What the training file holds. */
  record Training(long rows, int features) {}

  /**
   * Verifies the training file of a pair.
   *
   * @param manifest of the checkpoints it was made from; empty for those of another tool
   * @throws InvalidInputException when it is missing, broken, or made from other checkpoints
   */
  Training verify(Pair pair, Optional<Manifest> manifest) throws IOException {
    String path = config.trainingFile(pair);
    FileMetaData footer = footer(path);
    Map<String, String> keyValues = new HashMap<>();
    if (footer.isSetKey_value_metadata()) {
      for (KeyValue pairOfTexts : footer.getKey_value_metadata()) {
        keyValues.put(pairOfTexts.getKey(), pairOfTexts.getValue());
      }
    }

    int features = footer.getSchemaSize() - 2 - number(keyValues, FooterKeys.TARGETS);
    check(path, "features", number(keyValues, FooterKeys.FEATURES), features);
    check(
        path,
        "manifest",
        manifest.map(Manifest::fingerprint).orElse(FooterKeys.NO_MANIFEST),
        Objects.requireNonNullElse(keyValues.get(FooterKeys.MANIFEST), "unknown"));
    if (manifest.isPresent()) {
      check(path, "rows", (long) manifest.get().spine().rows(), footer.getNum_rows());
      check(path, "features", manifest.get().features(), features);
    }

    return new Training(footer.getNum_rows(), features);
  }

  private static int number(Map<String, String> keyValues, String key) {
    String text = keyValues.getOrDefault(key, "");
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static void check(String path, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new InvalidInputException(
          "Cannot trust %s: its %s should be %s and is %s; it is not the file of this merge; merge again"
              .formatted(path, what, expected, found));
    }
  }

  /** The footer without its row groups, which are most of it and not needed here. */
  private FileMetaData footer(String path) throws IOException {
    long bytes =
        files
            .size(path)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Cannot find %s: the merge succeeded, but there is no training file"
                            .formatted(path)));
    if (bytes < 2 * TAIL_BYTES) {
      throw broken(path, "it has only %d bytes".formatted(bytes));
    }

    ByteBuffer tail =
        ByteBuffer.wrap(files.read(path, bytes - TAIL_BYTES, TAIL_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    int length = tail.getInt(0);
    if (tail.getInt(Integer.BYTES) != MAGIC || length <= 0 || length > bytes - TAIL_BYTES) {
      throw broken(path, "its end is not that of a Parquet file");
    }

    byte[] footer = files.read(path, bytes - TAIL_BYTES - length, length);
    try {
      return Util.readFileMetaData(new ByteArrayInputStream(footer), true);
    } catch (IOException e) {
      throw broken(path, "its footer is broken");
    }
  }

  private static InvalidInputException broken(String path, String why) {
    return new InvalidInputException("Cannot trust %s: %s; merge again".formatted(path, why));
  }
}
