package ml.bqx.merge.beam;

import java.io.IOException;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.Slice;
import ml.bqx.storage.Storage;
import ml.bqx.storage.channel.Checksum;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.util.CoderUtils;

/** The file that lists where the columns of a part are. */
final class PartList {
  private static final ListCoder<Slice> CODER = ListCoder.of(SliceCoder.INSTANCE);

  private PartList() {}

  /**
   * Writes the list.
   *
   * @return CRC32C of the file
   */
  static String write(Storage storage, String path, List<Slice> stored) throws IOException {
    byte[] content = CoderUtils.encodeToByteArray(CODER, stored);
    storage.write(path, content);
    return Checksum.hex(content);
  }

  /**
   * Reads the list of a part.
   *
   * @throws InvalidInputException when it is not what was written
   */
  static List<Slice.Stored> read(Storage storage, PartFile part) throws IOException {
    byte[] content = storage.read(part.path());
    String found = Checksum.hex(content);
    if (!found.equals(part.crc32c())) {
      throw new InvalidInputException(
          "Cannot merge: the checksum of %s is %s, it should be %s (it was damaged or changed); merge again"
              .formatted(part.path(), found, part.crc32c()));
    }

    return CoderUtils.decodeFromByteArray(CODER, content).stream()
        .map(Slice.Stored.class::cast)
        .toList();
  }
}
