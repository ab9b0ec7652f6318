package ml.bqx.sample;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** Pseudo-random numbers that depend only on seed and words. */
final class SampleNoise {
  private SampleNoise() {}

  /** The seed of a named thing; positive, so that SQL reads it as a BIGINT. */
  static long seed(long seed, String... words) {
    return Hashing.murmur3_128()
            .newHasher()
            .putLong(seed)
            .putString(String.join("/", words), StandardCharsets.UTF_8)
            .hash()
            .asLong()
        & Long.MAX_VALUE;
  }

  static double fraction(long seed, String... words) {
    return (seed(seed, words) >>> 10) * 0x1.0p-53;
  }
}
