package ml.bqx.sample;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** Numbers that look random and always are the same for the same seed and words. */
final class SampleNoise {
  private SampleNoise() {}

  /** A seed of its own for a thing that has a name; positive, so that SQL reads it as a BIGINT. */
  static long seed(long seed, String... words) {
    return Hashing.murmur3_128()
            .newHasher()
            .putLong(seed)
            .putString(String.join("/", words), StandardCharsets.UTF_8)
            .hash()
            .asLong()
        & Long.MAX_VALUE;
  }

  /** A number in {@code [0, 1)} for a thing that has a name. */
  static double fraction(long seed, String... words) {
    return (seed(seed, words) >>> 10) * 0x1.0p-53;
  }
}
