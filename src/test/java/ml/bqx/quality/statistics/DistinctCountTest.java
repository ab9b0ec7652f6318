package ml.bqx.quality.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistinctCountTest {
  @Test
  void estimatesWhatTheSketchOfAllHashesDoes() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      DistinctCount count = new DistinctCount();
      UltraLogLog all = UltraLogLog.create(11);
      for (int i = 0; i < 200_000; i++) {
        // Hashes of any number of leading zeros behind the bits that choose a register.
        long hash = random.nextInt(8) > 0 ? random.nextLong() : rare(random);
        count.add(hash);
        all.add(hash);
        if (i % 997 == 0) {
          assertThat(count.estimate()).isEqualTo(estimate(all));
        }
      }

      assertThat(count.estimate()).isEqualTo(estimate(all));
    }
  }

  private static long rare(Random random) {
    long register = random.nextLong() & -1L << 53;
    return register | (random.nextLong() & -1L >>> 11) >>> random.nextInt(54);
  }

  private static long estimate(UltraLogLog sketch) {
    return Math.round(sketch.getDistinctCountEstimate());
  }
}
